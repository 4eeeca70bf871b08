// A range of a run's output as text: rendered, or as a digest.

import { Digester } from "@longwire/shared/digest/digest.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";
import { Renderer, type Rendered, type RenderOptions } from "@longwire/shared/render/render.ts";
import { decodeText } from "../waits/decode-text.ts";
import { readRunOutput, type OutputRange } from "./read-run-output.ts";

export interface Rendering extends Omit<RenderOptions, "decode" | "grep"> {
  readonly grep: Pattern | null;
  readonly context: number;
}

export async function renderRange(range: OutputRange, { grep, context, ...options }: Rendering): Promise<Rendered> {
  const renderer = new Renderer({
    ...options,
    decode: decodeText,
    grep: grep === null ? undefined : { pattern: grep, context },
  });
  for await (const part of readRunOutput(range)) {
    if (part.type === "output") renderer.take(part);
    else renderer.gap(part);
  }
  return renderer.end();
}

/** At most `maxChars` of text. */
export async function digestRange(range: OutputRange, maxChars: number): Promise<string> {
  const digester = new Digester({ decode: decodeText, maxChars, run: range.run });
  for await (const part of readRunOutput(range)) {
    if (part.type === "output") digester.take(part);
    else digester.gap(part);
  }
  return digester.end();
}

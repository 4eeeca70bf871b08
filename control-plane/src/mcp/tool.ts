// What a tool is, and what it answers.

import type * as z from "zod";
import type { ToolAnnotations } from "@modelcontextprotocol/server";
import type { ToolName } from "../access/matrix.ts";
import { checkInput } from "../access/body.ts";
import type { Result } from "../result.ts";
import type { ToolCall } from "./tool-call.ts";

export interface ToolAnswer {
  readonly text: string;
  /** What was asked for could not be done, though it was tried. */
  readonly isError?: boolean;
  /** The same facts as data, for a tool that has a schema for them. */
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Definition<T> {
  readonly name: ToolName;
  readonly title: string;
  /** For a model: what it does, when to use it, what comes back. Under 1 kB. */
  readonly description: string;
  readonly input: z.ZodType<T>;
  readonly output?: z.ZodType;
  readonly annotations: ToolAnnotations;
  readonly run: (call: ToolCall, input: T) => Promise<Result<ToolAnswer>>;
}

export interface Tool extends Omit<Definition<unknown>, "run"> {
  /** Checks the arguments, and runs. */
  readonly answer: (call: ToolCall, args: unknown) => Promise<Result<ToolAnswer>>;
}

export function defineTool<T>({ run, ...definition }: Definition<T>): Tool {
  return {
    ...definition,
    async answer(call, args) {
      const input = checkInput(args, definition.input);
      return input.ok ? await run(call, input.value) : input;
    },
  };
}

export const readsOnly: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };

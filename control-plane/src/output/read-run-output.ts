// A run's output, page by page, for whoever makes something of it: from a place up to a place, with holes that no
// event tells of told as gaps. No more than a page is held. It comes in pieces, and other requests get a turn between
// them: what is made of a piece takes about a millisecond, of all of it perhaps a second.

import type { OutputGap, OutputPiece, OutputStream } from "@longwire/shared/render/line.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import type { Machine } from "../machine/machine.ts";
import type { OutputPage } from "../machine/read-output.ts";
import { pause, retry } from "../waits/run-inputs.ts";

export interface OutputRange {
  readonly machine: DurableObjectStub<Machine>;
  readonly process: string;
  readonly run: number;
  readonly from: number;
  readonly to: number;
  /** Only this one; its pieces then follow each other with holes where the other's are. */
  readonly stream?: OutputStream | undefined;
}

export type Part = ({ readonly type: "output" } & OutputPiece) | ({ readonly type: "gap" } & OutputGap);

/** How much output is handed on before others get a turn, and at once, unless less is asked for. */
export const turnBytes = 32 * 1024;

/** In order, each byte once. */
export async function* readRunOutput(range: OutputRange, pieceBytes = turnBytes): AsyncGenerator<Part, void, void> {
  let handedOn = 0;
  for await (const part of readParts(range)) {
    if (part.type === "gap") {
      yield part;
      continue;
    }
    for (let at = 0; at < part.bytes.length;) {
      const bytes = part.bytes.subarray(at, at + pieceBytes - handedOn);
      yield { ...part, offset: part.offset + at, bytes };
      at += bytes.length;
      handedOn += bytes.length;
      if (handedOn < pieceBytes) continue;
      handedOn = 0;
      await pause(0, null);
    }
  }
}

async function* readParts(range: OutputRange): AsyncGenerator<Part, void, void> {
  const { machine, run, from, to, stream } = range;
  const process = processIdSchema.parse(range.process);
  let at = from;
  let seq: number | undefined;
  do {
    const place = { process, run, offset: at, seq };
    const page: OutputPage = await retry(async () => await machine.readOutput(place));
    for (const part of page.parts) {
      if (part.type === "gap") {
        if (part.from > to) return;
        const end = Math.min(part.to ?? part.from, to);
        if (end <= at && part.to !== null) continue;
        yield { ...part, from: Math.max(part.from, at), to: part.to === null ? null : end };
        at = Math.max(at, end);
        continue;
      }
      if (at >= to) return;
      const end = part.offset + part.bytes.length;
      if (end <= at) continue;
      if (part.offset > at) {
        yield { type: "gap", from: at, to: Math.min(part.offset, to), reason: "expired" };
        at = part.offset;
        if (at >= to) return;
      }
      const bytes = part.bytes.subarray(at - part.offset, Math.min(end, to) - part.offset);
      const piece: Part = { ...part, offset: at, bytes };
      at = Math.min(end, to);
      if (stream === undefined || part.stream === stream) yield piece;
    }
    seq = page.nextSeq ?? undefined;
  } while (seq !== undefined && at < to);
  if (at < to) yield { type: "gap", from: at, to, reason: "expired" };
}

// A stretch of a run's output whose partition is gone. The log kept the end of it, which no seq leads to any more: so it
// is read by its place in the output, and what came before is a hole.

import type { Client } from "@longwire/shared/client/client.ts";
import { cutAtGaps } from "./cut-at-gaps.ts";
import type { DrawnStep } from "./loaded-output.ts";

export interface Stretch {
  readonly process: string;
  readonly run: number;
  readonly from: number;
  /** At most what is printed. */
  readonly to: number;
}

/** What is there of it, and what is not. */
export async function readKept(client: Client, { process, run, from, to }: Stretch): Promise<readonly DrawnStep[]> {
  if (from >= to) return [];
  const { output } = await client.outputJson(process, { run, tail: 1 });
  const looked = Number(output.from_cursor.split(".")[1]);
  const gaps = output.gaps.filter((gap) => gap.to_offset === null || gap.to_offset > from);
  const [first, ...others] = gaps;
  const isCut = first?.reason === "expired" && first.from_offset <= Math.max(from, looked);
  if (!isCut) return cutAtGaps(from, to, gaps, await readBytes(client, process, `${run}.${from}`, to - from));
  // The oldest goes first, so everything before is gone as well.
  const begin = Math.min(first.to_offset ?? to, to);
  const bytes = begin === to ? new Uint8Array() : await readBytes(client, process, `${run}.${begin}`, to - begin);
  return cutAtGaps(0, to, [{ ...first, from_offset: 0 }, ...others], bytes);
}

/** At most so many, of what is there behind the cursor. */
async function readBytes(client: Client, process: string, after: string, most: number): Promise<Uint8Array> {
  const { output } = await client.rawStream(process, { after });
  const reader = output.getReader();
  const bytes = new Uint8Array(most);
  let size = 0;
  while (size < most) {
    const { done, value } = await reader.read();
    if (done) break;
    const piece = value.subarray(0, most - size);
    bytes.set(piece, size);
    size += piece.byteLength;
  }
  await reader.cancel();
  return bytes.subarray(0, size);
}

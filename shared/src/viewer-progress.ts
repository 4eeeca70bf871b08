// How much a viewer of the event socket was sent and has not acknowledged. Sends are remembered as a short list
// of marks, coarse enough for a socket's attachment (32 marks of at least 256 KiB span the whole credit).
//
//   sent 1…8, marks at 4 (300 KiB) and 8 (260 KiB):  ack 5 frees what the mark at 4 holds, no more

import * as z from "zod";
import { viewerCreditBytes } from "./limits.ts";

const markBytes = 256 * 1024;

export const viewerProgressSchema = z.object({
  /** The last seq looked at for this viewer: sent, or passed over by its filter. */
  cursor: z.number().int().min(0),
  /** `[last seq, bytes]`, oldest first. */
  marks: z.array(z.tuple([z.number().int(), z.number().int()])).max(256),
  unacked: z.number().int().min(0),
});
export type ViewerProgress = z.infer<typeof viewerProgressSchema>;

export function beginViewing(cursor: number): ViewerProgress {
  return { cursor, marks: [], unacked: 0 };
}

/** After `bytes` of events up to `seq` were sent (0 bytes where the filter passed over them). */
export function noteSent(progress: ViewerProgress, seq: number, bytes: number): ViewerProgress {
  if (bytes === 0) return { ...progress, cursor: seq };
  const marks = progress.marks.slice();
  const last = marks.at(-1);
  if (last !== undefined && last[1] < markBytes) marks[marks.length - 1] = [seq, last[1] + bytes];
  else marks.push([seq, bytes]);
  return { cursor: seq, marks, unacked: progress.unacked + bytes };
}

/** After the viewer said it has everything up to `seq`. */
export function noteAck(progress: ViewerProgress, seq: number): ViewerProgress {
  const acked = seq >= progress.cursor ? progress.cursor : seq;
  const marks = progress.marks.filter(([last]) => last > acked);
  if (marks.length === progress.marks.length) return progress;
  return { ...progress, marks, unacked: marks.reduce((sum, [, bytes]) => sum + bytes, 0) };
}

/** Whether the viewer may be sent more. */
export function hasCredit(progress: ViewerProgress): boolean {
  return progress.unacked < viewerCreditBytes;
}

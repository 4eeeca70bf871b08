// What a viewer is told in place of events that are gone. It is no event: it has no seq of its own.

import * as z from "zod";
import { parseJson } from "./parse-json.ts";

export const expiredFrameSchema = z.object({
  type: z.literal("expired"),
  /** The first and the last seq that are gone. */
  from_seq: z.number().int().min(1),
  to_seq: z.number().int().min(1),
});
export type ExpiredFrame = z.infer<typeof expiredFrameSchema>;

/** The frame for a viewer that has everything up to `cursor`, where `earliest` is the first seq there is; null: nothing it misses is gone. */
export function expiredAfter(cursor: number, earliest: number): ExpiredFrame | null {
  return cursor + 1 < earliest ? { type: "expired", from_seq: cursor + 1, to_seq: earliest - 1 } : null;
}

/** The frame in a viewer's message; null where the message is an event, whose text begins with its `seq`. */
export function readExpired(text: string): ExpiredFrame | null {
  if (text.startsWith('{"seq":')) return null;
  return expiredFrameSchema.safeParse(parseJson(text)).data ?? null;
}

// A long poll: until the first event a reader wants, or its time is up.

import type { Refusal } from "@longwire/shared/errors.ts";
import { follow, type Following } from "./follow.ts";

/** A refusal where the caller may not read on. */
export async function waitForEvent(waiting: Following & { readonly waitMs: number }): Promise<Refusal | null> {
  const timeUp = AbortSignal.timeout(waiting.waitMs);
  const signal = AbortSignal.any([waiting.signal, timeUp]);
  const viewer = await follow({ ...waiting, signal });
  if (!viewer.ok) return await waiting.standing.recheck();
  for await (const _ of viewer.events) return null;
  // A viewer that ended before its time may have been closed because the token has.
  return signal.aborted ? null : await waiting.standing.recheck();
}

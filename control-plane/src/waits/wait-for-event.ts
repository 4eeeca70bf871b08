// A long poll: until the first event a reader wants, or its time is up.

import { follow, type Following } from "./follow.ts";

export async function waitForEvent(waiting: Following & { readonly waitMs: number }): Promise<void> {
  const timeUp = AbortSignal.timeout(waiting.waitMs);
  const viewer = await follow({ ...waiting, signal: AbortSignal.any([waiting.signal, timeUp]) });
  if (!viewer.ok) return;
  for await (const _ of viewer.events) return;
}

// One run from a place in the machine's log on until it ends: its output, what is lost of it, how it ended. Later runs of
// the same process are none of it.

import type { Event } from "@longwire/shared/api/views.ts";
import type { Client } from "@longwire/shared/client/client.ts";
import type { ClientEvent } from "@longwire/shared/client/follow-events.ts";
import { endReasonSchema, hasEnded } from "@longwire/shared/process-state.ts";
import type { RunEnd } from "./end-of-run.ts";

export interface FollowedRun {
  readonly process: string;
  readonly run: number;
  /** The seq after which to begin. */
  readonly after: number;
  /** Output before this offset is known already. */
  readonly from?: number;
}

export type RunItem =
  | { readonly type: "output"; readonly event: ClientEvent; readonly bytes: Uint8Array }
  | { readonly type: "lost"; readonly event: ClientEvent | null; readonly words: string }
  | { readonly type: "other"; readonly event: ClientEvent }
  | { readonly type: "ended"; readonly event: ClientEvent | null; readonly end: RunEnd };

/** The last item is its end, but where `signal` ends it: then it throws the signal's reason. */
export async function* followRun(
  client: Client,
  { process, run, after, from = 0 }: FollowedRun,
  signal?: AbortSignal,
): AsyncGenerator<RunItem, void> {
  for await (const item of client.events({ after, process, signal })) {
    if (!("seq" in item)) {
      yield { type: "lost", event: null, words: "events that the log does not hold any more" };
      // Its end may be among them.
      const end = await findEnd(client, process, run);
      if (end !== null) return yield { type: "ended", event: null, end };
      continue;
    }
    if (item.run !== run) continue;
    const { type, payload, offset = 0 } = item;
    if (payload !== undefined) {
      const bytes = payload.subarray(Math.max(0, from - offset));
      if (bytes.byteLength > 0) yield { type: "output", event: item, bytes };
    } else if (type === "gap") {
      if (item.to_offset === undefined || item.to_offset === null || item.to_offset > from) {
        yield { type: "lost", event: item, words: sayGap(item) };
      }
    } else if (type === "exited" || item.state === "failed") {
      return yield { type: "ended", event: item, end: endOf(item) };
    } else yield { type: "other", event: item };
  }
}

/** How the run ended, if it has; null as well where nothing is known of it. */
export async function findEnd(client: Client, process: string, run: number): Promise<RunEnd | null> {
  const { items } = await client.runs(process, { limit: 200 });
  const found = items.find((one) => one.run === run);
  return found !== undefined && hasEnded(found.state) ? found : null;
}

function endOf({ returncode = null, signal = null, reason, detail, state = "exited" }: Partial<Event>): RunEnd {
  return { state, returncode, signal, reason: endReasonSchema.safeParse(reason).data ?? null, detail };
}

function sayGap({ from_offset: from, to_offset: to, reason = "" }: ClientEvent): string {
  const bytes = typeof from === "number" && typeof to === "number" ? `${to - from} bytes of output` : "output";
  return `${bytes} (${reason})`;
}

// Ends a process's live run so that its next one may begin.

import type { CommandId } from "@longwire/shared/ids.ts";
import type { SignalName } from "@longwire/shared/signals.ts";
import type { FollowedRun } from "./followed-run.ts";
import type { Hold } from "./holds.ts";
import type { Beginning } from "./process-keeper.ts";

/** Stops the run so that another one may begin; why that may not, or null. */
export async function stopForNext(
  run: FollowedRun | null,
  hold: Hold,
  how: { commandId?: CommandId; signal: SignalName; graceMs: number },
): Promise<Extract<Beginning, { type: "refused" }> | null> {
  const result = await run?.stop(how);
  if (run !== null && result?.stopped === true) await run.over;
  if (run?.isLive === true) {
    const detail = `${run.process} could not be stopped: process ${result?.survivors[0]?.pid ?? "unknown"} lives on.`;
    return { type: "refused", refusal: { code: "process_running", detail } };
  }
  if (!hold.isCancelled) return null;
  const detail = "It was stopped while its next run was about to begin.";
  return { type: "refused", refusal: { code: "process_ended", detail } };
}

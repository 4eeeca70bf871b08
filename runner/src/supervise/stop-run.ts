// What is said to a shim so that it ends its run.

import type { CommandId } from "@longwire/shared/ids.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import type { SignalName } from "@longwire/shared/signals.ts";
import type { ShimRequest } from "./shim-connection.ts";

/** `reason`: why the run ends, where nobody asked for that. */
export interface StopRun {
  readonly commandId?: CommandId;
  readonly signal: SignalName;
  readonly graceMs: number;
  readonly reason?: EndReason;
}

export function toStopRequest({ commandId, signal, graceMs, reason }: StopRun): ShimRequest {
  const of = commandId === undefined ? {} : { command_id: commandId };
  const why = reason === undefined ? {} : { reason };
  return { type: "stop", ...of, ...why, signal, grace_ms: graceMs };
}

// What is done about a message that nothing comes of: it is written down, and an order with an id is refused by it, so that
// whoever asked need not wait. The machine does nothing that it cannot check.

import type { MachineSide } from "../supervise/followed-spool.ts";
import type { RefusedPart } from "./read-frame.ts";

interface RefusingParts {
  readonly machine: Pick<MachineSide, "audit" | "refuse">;
  readonly machineId: string;
  readonly log: (text: string) => void;
}

export function refusePart(
  { type, why, text, command }: RefusedPart,
  { machine, machineId, log }: RefusingParts,
): void {
  if (machine.audit.refusedMessage(type, why, text)) {
    log(`a message of the control plane was not understood and is ignored: ${why.slice(0, 200)}`);
  }
  if (command === null || (command.machineId !== undefined && command.machineId !== machineId)) return;
  const detail = `The runner does not understand this order: ${why.slice(0, 500)}. Nothing was done.`;
  const hint = "Bring the runner on the machine to the control plane's version.";
  machine.refuse(command.id, { code: "invalid_request", detail, hint });
}

// Why the machine takes no further process, in words for who asked.

import type { Refusal } from "@longwire/shared/errors.ts";
import { maxPendingStarts } from "@longwire/shared/limits.ts";

/** The system itself has none. */
export const noRoom: Refusal = { code: "limit_reached", detail: "The machine has no room for another process." };

export const full = (count: number): Refusal => ({
  code: "limit_reached",
  detail: `${count} processes live on this machine, which is the most it allows.`,
  hint: "Stop something that is not needed, or start it with a `queue`, so that it waits for its turn.",
});

export const spoolsFull: Refusal = {
  code: "spool_full",
  detail: "The machine holds as much output that is not delivered yet as it may. Nothing was started.",
  hint: "It goes as the control plane takes it: try again later, or stop what prints so much.",
};

export const fullOfWaiting: Refusal = {
  code: "limit_reached",
  detail: `${maxPendingStarts} starts wait on this machine already.`,
};

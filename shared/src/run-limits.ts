// What a run may use before it is ended. None of them holds unless a start, or the owner's policy, asks for it.

import * as z from "zod";

export const runLimits = ["run_ms", "idle_ms", "memory_bytes", "cpu_ms", "open_files", "output_bytes"] as const;
export type RunLimit = (typeof runLimits)[number];

const day = 24 * 3600_000;
const duration = z
  .number()
  .int()
  .min(1)
  .max(365 * day);

/** Of the whole tree, except that times count from the run's start. Reaching one is an event, then the run is stopped. */
export const runLimitsSchema = z
  .strictObject({
    run_ms: duration.optional().meta({ description: "How long it may run; a sleeping machine does not count." }),
    idle_ms: duration.optional().meta({ description: "How long it may print nothing and be given nothing." }),
    memory_bytes: z
      .number()
      .int()
      .min(1)
      .max(2 ** 50)
      .optional()
      .meta({ description: "Resident memory." }),
    cpu_ms: duration.optional().meta({ description: "User and system time together." }),
    open_files: z.number().int().min(1).max(1_000_000).optional().meta({ description: "Open descriptors." }),
    output_bytes: z
      .number()
      .int()
      .min(1)
      .max(2 ** 50)
      .optional()
      .meta({ description: "Both streams together." }),
  })
  .meta({ id: "RunLimits" });
export type RunLimitValues = z.infer<typeof runLimitsSchema>;

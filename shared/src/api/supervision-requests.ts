// The parts of a start that say how the run is looked after: when it is ready, when it begins again, when it may begin.

import * as z from "zod";
import { maxCommandBytes, maxDelayMs } from "../limits.ts";
import { nameSchema } from "./names.ts";
import { patternSchema } from "./pattern-schema.ts";

const timeoutSchema = z.number().int().min(1).max(maxDelayMs).optional();
const loopback = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?(\/|$)/;

/** Exactly one of the conditions. It is looked for until it is met or the run ends. */
export const readySchema = z
  .strictObject({
    pattern: patternSchema.optional().meta({ description: "RE2 syntax, searched in each line of the output." }),
    port: z.number().int().min(1).max(65_535).optional().meta({ description: "A TCP port of its own that listens." }),
    http: z
      .string()
      .max(2048)
      .regex(loopback, "must be an http URL of the machine itself")
      .optional()
      .meta({ description: "A URL of the machine itself that answers with `status`." }),
    status: z.number().int().min(100).max(599).optional().meta({ description: "Any of 200 to 399 unless given." }),
    command: z
      .string()
      .min(1)
      .max(maxCommandBytes)
      .optional()
      .meta({ description: "A shell command that ends with 0, run as often as needed in the same folder." }),
    timeout_ms: timeoutSchema.meta({ description: "Not ready by then: the run is stopped." }),
  })
  .refine(
    (ready) => [ready.pattern, ready.port, ready.http, ready.command].filter((one) => one !== undefined).length === 1,
    {
      message: "give exactly one of `pattern`, `port`, `http` and `command`",
    },
  )
  .refine((ready) => ready.status === undefined || ready.http !== undefined, {
    message: "goes with `http` only",
    path: ["status"],
  })
  .meta({ id: "Ready" });
export type Ready = z.infer<typeof readySchema>;

export const restartPolicies = ["never", "on_failure", "always"] as const;

/** Whether an ended run is followed by another one. A stop that was asked for is never followed. */
export const restartSchema = z
  .strictObject({
    policy: z.enum(restartPolicies),
    max: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(5)
      .meta({ description: "Restarts in a row; a run of 60 s counts as a success." }),
    delay_ms: z.number().int().min(0).max(maxDelayMs).default(1000).meta({
      description: "At least, before each; up to four times as long before the first, doubled for each further one.",
    }),
    max_delay_ms: z.number().int().min(0).max(maxDelayMs).default(60_000),
  })
  .meta({ id: "Restart" });
export type Restart = z.infer<typeof restartSchema>;

/** A start with a `queue` waits for its turn where a start without one is refused. */
export const queueSchema = z
  .strictObject({
    name: nameSchema.default("default"),
    priority: z
      .number()
      .int()
      .min(-100)
      .max(100)
      .default(0)
      .meta({ description: "The highest goes first; among equals, the first that came." }),
    delay_ms: z.number().int().min(0).max(maxDelayMs).default(0),
    parallel: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: "Waits until fewer runs of its queue live." }),
  })
  .meta({ id: "Queue" });
export type Queue = z.infer<typeof queueSchema>;

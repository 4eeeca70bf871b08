// What callers ask of a wait, alone or behind a start.

import * as z from "zod";
import { defaultIdleMs, defaultWaitMs, maxPatternLength, maxWaitMs } from "../limits.ts";
import { waitConditions } from "./wait-conditions.ts";
import { wholeNumber } from "./whole-number.ts";

export type WaitCondition = (typeof waitConditions)[number];

export const outputCursorTextSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,8}\.[0-9]{1,15}$/, "must be an output cursor, `run.offset`, such as `2.20481`");

/** A place in a run's output as `run.offset`. */
export const outputCursorSchema = outputCursorTextSchema.transform((text) => {
  const [run = "", offset = ""] = text.split(".");
  return { run: Number(run), offset: Number(offset) };
});

export const waitFields = {
  until: z.array(z.enum(waitConditions)).max(waitConditions.length).optional(),
  pattern: z
    .string()
    .min(1)
    .max(maxPatternLength)
    .optional()
    .meta({ description: "RE2 syntax, searched in each line." }),
  port: wholeNumber(65_535)
    .refine((port) => port > 0, "must be a port")
    .optional()
    .meta({ description: "The only one `until=port` ends on; without it any the process's tree listens on." }),
  idle_ms: wholeNumber(maxWaitMs).optional(),
  wait_ms: wholeNumber(maxWaitMs).optional(),
};
export type WaitFields = z.infer<z.ZodObject<typeof waitFields>>;

/** The fields of a wait with their defaults; `pattern` is null exactly where `match` is not among `until`. */
export const fillWait = (fields: WaitFields, until: readonly WaitCondition[]) => ({
  until,
  pattern: fields.pattern ?? null,
  port: fields.port ?? null,
  idle_ms: fields.idle_ms ?? defaultIdleMs,
  wait_ms: fields.wait_ms ?? defaultWaitMs,
});
const patternWithMatch = (fields: WaitFields): boolean =>
  (fields.pattern !== undefined) === (fields.until?.includes("match") ?? false);
const portWithPort = (fields: WaitFields): boolean =>
  fields.port === undefined || (fields.until?.includes("port") ?? false);
// Handed to zod as copies: it takes the message out of what it is given.
const portMessage = { message: "goes with `until=port` only", path: ["port"] };
const patternMessage = { message: "is needed for `until=match`, and only there", path: ["pattern"] };

/** What of a wait's fields does not go together. */
export function waitProblems(fields: WaitFields): { readonly message: string; readonly path: string[] }[] {
  return [...(patternWithMatch(fields) ? [] : [patternMessage]), ...(portWithPort(fields) ? [] : [portMessage])];
}

export const waitQuerySchema = z
  .strictObject({ ...waitFields, after: outputCursorSchema.optional() })
  .refine(patternWithMatch, { ...patternMessage })
  .refine(portWithPort, { ...portMessage })
  .transform(({ after, ...fields }) => ({ ...fillWait(fields, fields.until ?? ["exit"]), after: after ?? null }));
export type WaitQuery = z.infer<typeof waitQuerySchema>;

/** A start's or an input's query: null where it does not wait. */
export const startQuerySchema = z
  .strictObject(waitFields)
  .refine(patternWithMatch, { ...patternMessage })
  .refine(portWithPort, { ...portMessage })
  .refine((fields) => fields.until !== undefined || (fields.wait_ms ?? fields.idle_ms) === undefined, {
    message: "is needed to wait: `exit`, `match`, `output`, `idle`, `port` or `ready`",
    path: ["until"],
  })
  .transform((fields) => (fields.until === undefined ? null : fillWait(fields, fields.until)));

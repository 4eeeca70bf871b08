// What a runner looks for in its machine's output on behalf of webhooks, and what it finds.

import * as z from "zod";
import { processIdSchema, runNumberSchema } from "../ids.ts";
import { maxMatchChars, maxNameLength, maxOutputWatches, maxPatternLength } from "../limits.ts";

const watchIdSchema = z.string().min(1).max(maxNameLength);

/** A pattern to look for in every run, or those of one process (by id or name) or tag. */
export const outputWatchSchema = z.object({
  id: watchIdSchema,
  pattern: z.string().min(1).max(maxPatternLength),
  process: z.string().max(maxNameLength).optional(),
  tag: z.string().max(maxNameLength).optional(),
});
export type OutputWatch = z.infer<typeof outputWatchSchema>;

/** All there is to look for; what was asked for before and is not named goes. */
export const outputWatchesSchema = z.array(outputWatchSchema).max(maxOutputWatches);

/**
 * A line of a run's output was found. Comes from the runner's own spool, so it may follow the run's end. `skipped`: how
 * many lines matched since the one told before and are not told, of a run that prints many.
 */
export const matchFactSchema = z.object({
  type: z.literal("match"),
  at: z.number().int().min(0).max(8.64e15),
  process: processIdSchema,
  run: runNumberSchema,
  watch: watchIdSchema,
  /** The offset behind the line. */
  offset: z.number().int().min(0),
  text: z.string().max(maxMatchChars),
  skipped: z.number().int().min(0).optional(),
});
export type MatchFact = z.infer<typeof matchFactSchema>;

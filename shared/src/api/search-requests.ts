// What callers ask of a search over a machine's output, or over that of all machines they reach.

import * as z from "zod";
import { defaultSearchLimit, maxGrepContext, maxNameLength, maxPatternLength, maxSearchLimit } from "../limits.ts";
import { wholeNumber } from "./whole-number.ts";

/** A place to go on from: process, run and offset. */
const searchCursorSchema = z
  .string()
  .regex(/^p[1-9][0-9]{0,11}\.[1-9][0-9]{0,8}\.[0-9]{1,15}$/, "must be the `next_cursor` of a search")
  .transform((text) => {
    const [process = "", run = "", offset = ""] = text.split(".");
    return { process, run: Number(run), offset: Number(offset) };
  });

const searchFields = {
  pattern: z.string().min(1).max(maxPatternLength).meta({ description: "RE2 syntax, looked for in each line." }),
  context: wholeNumber(maxGrepContext).default(0),
  since: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
  limit: wholeNumber(maxSearchLimit)
    .refine((limit) => limit > 0, "must be 1 or more")
    .default(defaultSearchLimit),
  process: z.string().min(1).max(maxNameLength).optional(),
  runs: z
    .enum(["latest", "all"])
    .optional()
    .meta({ description: "`all`: in each process's earlier runs as well, the newest first; `latest` unless given." }),
};

export const machineSearchQuerySchema = z.strictObject({ ...searchFields, cursor: searchCursorSchema.optional() });
export type SearchQuery = z.infer<typeof machineSearchQuerySchema>;
export const searchQuerySchema = z.strictObject(searchFields);

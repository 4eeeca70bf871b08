// Numbers in addresses.

import * as z from "zod";
import { defaultListLimit, maxListLimit } from "../limits.ts";

/** A parameter that is a whole number, at most `max`. */
export const wholeNumber = (max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^[0-9]{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().max(max))
    // What a document says of it: callers write digits.
    .meta({ type: "integer", minimum: 0, maximum: max });

/** How many items a page of a list has at the most. */
export const listLimitSchema = wholeNumber(maxListLimit)
  .refine((limit) => limit > 0, "must be at least 1")
  .optional()
  .transform((limit) => limit ?? defaultListLimit);

// Numbers in addresses.

import * as z from "zod";

/** A parameter that is a whole number, at most `max`. */
export const wholeNumber = (max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^[0-9]{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().max(max))
    // What a document says of it: callers write digits.
    .meta({ type: "integer", minimum: 0, maximum: max });

// The header of a log's row: a batch's as its runner sent it, or that of what the object itself had to say, which is
// only ever that something is lost.

import * as z from "zod";
import { recordNumberSchema, spoolIdSchema } from "@longwire/shared/ids.ts";
import { batchPartSchema } from "@longwire/shared/wire/batch.ts";
import { factSchema } from "@longwire/shared/wire/facts.ts";

export const rowHeaderSchema = z.object({
  parts: z.array(batchPartSchema),
  /** Spools that go on elsewhere than they stood; the record before is not known. */
  moved: z.array(z.object({ spool: spoolIdSchema, next: recordNumberSchema })).optional(),
  facts: z.array(factSchema).min(1),
});
export type RowHeader = z.infer<typeof rowHeaderSchema>;

/** The facts of a stored header. It was checked before it was stored; checking a whole partition again would be slow. */
export function factsOf(header: string): RowHeader["facts"] {
  return (JSON.parse(header) as RowHeader).facts;
}

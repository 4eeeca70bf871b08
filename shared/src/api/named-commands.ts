// The commands a machine's owner named, as callers see them: what they are called and what may be given to them. What
// they run stays on the machine until they run.

import * as z from "zod";
import { maxCommandBytes, maxNameLength, maxParams, maxParamValues, maxPatternLength, maxTags } from "../limits.ts";

export const paramTypes = ["string", "path", "number", "integer", "boolean", "enum"] as const;

export const paramViewSchema = z.object({
  type: z.enum(paramTypes),
  required: z.boolean(),
  default: z.union([z.string().max(maxCommandBytes), z.number(), z.boolean()]).optional(),
  pattern: z
    .string()
    .max(maxPatternLength)
    .optional()
    .meta({ description: "RE2 syntax; a `string` matches it as a whole." }),
  min: z.number().optional(),
  max: z.number().optional(),
  values: z.array(z.string().max(maxNameLength)).max(maxParamValues).optional().meta({ description: "Of an `enum`." }),
});

export const namedCommandSchema = z
  .object({
    name: z.string().max(maxNameLength),
    tags: z.array(z.string().max(maxNameLength)).max(maxTags),
    params: z
      .record(z.string().max(maxNameLength), paramViewSchema)
      .refine((params) => Object.keys(params).length <= maxParams, "has too many entries"),
  })
  .meta({ id: "NamedCommand", description: "Started with `use` and `params`." });
export type NamedCommandView = z.infer<typeof namedCommandSchema>;

// A pattern as people write it: RE2 syntax, refused in RE2's own words.

import * as z from "zod";
import { maxPatternLength } from "../limits.ts";
import { compilePattern } from "../pattern.ts";

export const patternSchema = z
  .string()
  .min(1)
  .max(maxPatternLength)
  .superRefine((source, context) => {
    const compiled = compilePattern(source);
    if (compiled.ok) return;
    const [fault] = compiled.refusal.errors ?? [];
    context.addIssue({ code: "custom", message: `is no pattern in RE2 syntax: ${fault?.message ?? ""}` });
  });

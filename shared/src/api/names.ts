// Words that callers give to processes.

import * as z from "zod";
import { maxNameLength } from "../limits.ts";

/** A word for people and URLs: starts with a letter, and is no process id. */
export const nameSchema = z
  .string()
  .max(maxNameLength)
  .regex(/^[A-Za-z][A-Za-z0-9._-]*$/, "must start with a letter and hold only letters, digits, `.`, `_` and `-`")
  .refine((name) => !/^p[0-9]+$/.test(name), "must not look like a process id");

export const tagSchema = z
  .string()
  .max(maxNameLength)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/, "must hold only letters, digits and `._:/-`");

// Fields that tools have in common, with their bounds, as a model reads them.

import * as z from "zod";
import { nameSchema, tagSchema } from "@longwire/shared/api/names.ts";
import { waitConditions } from "@longwire/shared/api/wait-conditions.ts";
import { outputCursorSchema } from "@longwire/shared/api/wait-requests.ts";
import {
  defaultOutputChars,
  maxGrepContext,
  maxIdempotencyKeyLength,
  maxNameLength,
  maxOutputChars,
  maxPatternLength,
  maxWaitMs,
  minOutputChars,
} from "@longwire/shared/limits.ts";

export const machine = z
  .string()
  .min(1)
  .max(maxNameLength)
  .optional()
  .describe("Machine name or id. Only needed when the token reaches several.");
export const process = z.string().min(1).max(maxNameLength).describe('Process name ("web") or id ("p3").');
export const requestId = z
  .string()
  .min(1)
  .max(maxIdempotencyKeyLength)
  .optional()
  .describe("Any unique text. A repeat with the same request_id and arguments acts once (24 h).");
export const name = nameSchema;
export const tag = tagSchema;
export const after = outputCursorSchema
  .optional()
  .describe('Cursor "run.offset" from an earlier answer: only what came after it.');
export const pattern = z.string().min(1).max(maxPatternLength);
export const until = z.enum(waitConditions);
export const port = z.number().int().min(1).max(65_535);
export const context = z.number().int().min(0).max(maxGrepContext).default(2).describe("Lines around each match.");

export const idleMs = (ms: number): z.ZodType<number> =>
  z.number().int().min(0).max(maxWaitMs).default(ms).describe("Silence that counts as idle, for until=idle.");
export const waitMs = (ms: number): z.ZodType<number> =>
  z.number().int().min(0).max(maxWaitMs).default(ms).describe("Longest wait in ms; 0 does not wait.");
export const maxChars = (chars: number = defaultOutputChars): z.ZodType<number> =>
  z.number().int().min(minOutputChars).max(maxOutputChars).default(chars).describe("Budget for the output shown.");

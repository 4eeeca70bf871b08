// What a viewer does to a run over its socket: typed text, a resize, Ctrl-C. Unlike a command it is not stored: it
// reaches the runner at once or not at all, and what became of it goes back to the viewer alone.

import * as z from "zod";
import { errorCodes } from "../errors.ts";
import { commandIdSchema } from "../ids.ts";
import { maxDetailLength } from "../limits.ts";
import { inputOperationSchema, resizeOperationSchema, signalOperationSchema } from "./commands.ts";

export const directOperationSchema = z.discriminatedUnion("op", [
  inputOperationSchema,
  resizeOperationSchema,
  signalOperationSchema,
]);
export type DirectOperation = z.infer<typeof directOperationSchema>;

export const directFrameSchema = z.object({
  type: z.literal("direct"),
  /** Random; the answer carries it. */
  id: commandIdSchema,
  operation: directOperationSchema,
});
export type DirectFrame = z.infer<typeof directFrameSchema>;

/** Without a `code` it was done. */
export const directedFrameSchema = z.object({
  type: z.literal("directed"),
  id: commandIdSchema,
  code: z.enum(errorCodes).optional(),
  detail: z.string().max(maxDetailLength).optional(),
  hint: z.string().max(maxDetailLength).optional(),
});
export type DirectedFrame = z.infer<typeof directedFrameSchema>;

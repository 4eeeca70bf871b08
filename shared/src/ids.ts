// Branded identifiers and positions, so that no two of them can be confused.

import * as z from "zod";

/** `p1`, `p2`, …: given by the machine's runner, never reused on that machine. */
export const processIdSchema = z
  .string()
  .regex(/^p[1-9][0-9]{0,14}$/)
  .brand("ProcessId");
export type ProcessId = z.infer<typeof processIdSchema>;

/** A spool's random id: 32 hexadecimal digits. */
export const spoolIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand("SpoolId");
export type SpoolId = z.infer<typeof spoolIdSchema>;

/** A command's id: 32 hexadecimal digits, random or derived from token and idempotency key. */
export const commandIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand("CommandId");
export type CommandId = z.infer<typeof commandIdSchema>;

/** An approval's id: 12 hexadecimal digits, random. */
export const approvalIdSchema = z
  .string()
  .regex(/^[0-9a-f]{12}$/)
  .brand("ApprovalId");
export type ApprovalId = z.infer<typeof approvalIdSchema>;

/** An event's position in its machine's log, counted from 1. */
export const seqSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).brand("Seq");
export type Seq = z.infer<typeof seqSchema>;

/** A record's number in its spool, counted from 1. */
export const recordNumberSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** CRC-32 (ISO 3309, as zlib's) of one record, unsigned. */
export const checkSchema = z.number().int().min(0).max(0xffffffff);

/** A run's number within its process, counted from 1. */
export const runNumberSchema = z.number().int().min(1).max(1_000_000_000);

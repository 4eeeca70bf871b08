// Who asked for a command, and what an audit calls it: kept in the command's row until its outcome is told.

import * as z from "zod";
import { describeOperation, summedBytes } from "@longwire/shared/audit/describe-operation.ts";
import { actorSchema, commandActs, type Actor } from "@longwire/shared/audit/entry.ts";
import type { CommandId } from "@longwire/shared/ids.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";

/** One command as it was asked for. */
export interface AskedCommand {
  readonly id: CommandId;
  readonly operation: Operation;
  readonly actor: Actor;
}

export const askedNoteSchema = z.object({
  actor: actorSchema,
  act: z.enum(commandActs),
  target: z.string(),
  bytes: z.number().int(),
});
export type AskedNote = z.infer<typeof askedNoteSchema>;

/** What a command's row keeps for its audit. */
export interface AskedRow {
  readonly note: AskedNote;
  /** When it was asked for, where it becomes part of a sum; else null. */
  readonly summedAt: number | null;
}

export function noteOf({ operation, actor }: AskedCommand): AskedNote {
  const { target } = describeOperation(operation);
  return { actor, act: operation.op, target, bytes: summedBytes(operation) ?? 0 };
}

// What a text of the control plane is to this runner: a frame it knows, or a message that nothing comes of, with why. An
// order that is not understood is refused by its id, so that whoever asked hears of it, and hinders no other.

import type * as z from "zod";
import { commandIdSchema, type CommandId } from "@longwire/shared/ids.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { commandSchema } from "@longwire/shared/wire/commands.ts";
import { objectFrameSchema, type ObjectFrame } from "@longwire/shared/wire/link.ts";

/** A message, or a command of one, that nothing comes of. */
export interface RefusedPart {
  /** What it calls itself. */
  readonly type: string;
  readonly why: string;
  readonly text: string;
  /** The command it is, where it has an id and is addressed as this machine's commands are. */
  readonly command: { readonly id: CommandId; readonly machineId: string | undefined } | null;
}

export interface ReadFrame {
  /** Null: the whole message is refused. */
  readonly frame: ObjectFrame | null;
  readonly refused: readonly RefusedPart[];
  /** Fields of the frame, or of its command, that this runner does not know and takes for nothing. */
  readonly ignored: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

export function readFrame(text: string): ReadFrame {
  const raw = parseJson(text);
  if (!isFields(raw)) return refuse({ type: "text", why: "it is no object", text, command: null });
  const type = typeof raw["type"] === "string" ? raw["type"] : "";
  const { known, refused } = type === "welcome" ? sortCommands(raw) : { known: raw, refused: [] };
  const parsed = objectFrameSchema.safeParse(known);
  if (!parsed.success) {
    const command = type === "command" ? nameOf(raw["command"]) : null;
    return refuse({ type, why: explain(parsed.error), text, command });
  }
  return { frame: parsed.data, refused, ignored: findIgnored(raw, parsed.data) };
}

function refuse(part: RefusedPart): ReadFrame {
  return { frame: null, refused: [part], ignored: [] };
}

/** A welcome's commands that are understood, and those that are not. */
function sortCommands(raw: Fields): { known: Fields; refused: readonly RefusedPart[] } {
  if (!Array.isArray(raw["commands"])) return { known: raw, refused: [] };
  const judged = raw["commands"].map((command: unknown) => ({ command, parsed: commandSchema.safeParse(command) }));
  const refused = judged.flatMap(({ command, parsed }) => {
    if (parsed.success) return [];
    const why = explain(parsed.error);
    return [{ type: "command", why, text: JSON.stringify(command), command: nameOf(command) }];
  });
  const known = judged.filter(({ parsed }) => parsed.success).map(({ command }) => command);
  return { known: { ...raw, commands: known }, refused };
}

function nameOf(command: unknown): RefusedPart["command"] {
  if (!isFields(command)) return null;
  const id = commandIdSchema.safeParse(command["id"]);
  const machineId = command["machine_id"];
  if (!id.success || (machineId !== undefined && typeof machineId !== "string")) return null;
  return { id: id.data, machineId };
}

function findIgnored(raw: Fields, frame: ObjectFrame): string[] {
  const own = Object.keys(raw).filter((key) => !Object.hasOwn(frame, key));
  const { command } = raw;
  if (frame.type !== "command" || !isFields(command)) return own;
  const inner = Object.keys(command).filter((key) => !Object.hasOwn(frame.command, key));
  return [...own, ...inner.map((key) => `command.${key}`)];
}

function explain({ issues }: z.ZodError): string {
  const [first] = issues;
  if (first === undefined) return "it is not understood";
  const path = first.path.map(String).join(".");
  return path === "" ? first.message : `${path}: ${first.message}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

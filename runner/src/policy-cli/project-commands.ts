// Reads the commands a project offers: `longwire.json`, npm scripts, a Procfile. Nothing here takes effect before the
// owner has copied it into the policy file.

import * as z from "zod";
import { nameSchema } from "@longwire/shared/api/names.ts";
import { startRequestSchema } from "@longwire/shared/api/requests.ts";
import { maxNamedCommands, maxPathBytes } from "@longwire/shared/limits.ts";
import { checkCommand } from "../admit/check-policy.ts";
import { namedCommandSchema } from "../admit/policy-schema.ts";
import { readJsonText } from "../admit/policy-text.ts";

export type ProjectFileKind = "longwire.json" | "package.json" | "Procfile";
/** The order in which they are looked for. */
export const projectFileKinds: readonly ProjectFileKind[] = ["longwire.json", "package.json", "Procfile"];

/** A command as it goes into the policy file, but for its root: `cwd` is relative to the project's folder here. */
const offeredSchema = z.strictObject({
  ...namedCommandSchema.omit({ root: true, cwd: true }).shape,
  cwd: z.string().min(1).max(maxPathBytes).optional(),
});
export type OfferedCommand = z.input<typeof offeredSchema>;

export type Offer =
  | { readonly ok: true; readonly commands: ReadonlyMap<string, OfferedCommand>; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** `packageManager`: the program that runs the scripts of a `package.json`. */
export function readOffer(kind: ProjectFileKind, text: string, packageManager: string): Offer {
  switch (kind) {
    case "longwire.json":
      return readLongwire(text);
    case "package.json":
      return readScripts(text, packageManager);
    case "Procfile":
      return readProcfile(text);
  }
}

const longwireSchema = z.strictObject({
  version: z.literal(1).optional(),
  commands: z
    .record(nameSchema, offeredSchema)
    .refine((all) => Object.keys(all).length <= maxNamedCommands, `has more than ${maxNamedCommands} entries`),
});

function readLongwire(text: string): Offer {
  const read = readJsonText(text, longwireSchema, ({ commands }) => {
    for (const [name, command] of Object.entries(commands)) {
      const finding = checkCommand(command);
      if (finding !== null) return { path: ["commands", name, ...finding.path], message: finding.message };
    }
    return null;
  });
  if (!read.ok) return { ok: false, message: `line ${read.fault.line}: ${read.fault.path} ${read.fault.message}` };
  // What the schema filled in is not the project's own word.
  const commands = Object.entries(read.value.commands).map(([name, command]) => {
    const { params, needs, ...rest } = command;
    const given = {
      ...(Object.keys(params).length > 0 && { params }),
      ...(Object.keys(needs).length > 0 && { needs }),
    };
    return [name, { ...rest, ...given }] as const;
  });
  return { ok: true, commands: new Map(commands), notes: [] };
}

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

function readScripts(text: string, packageManager: string): Offer {
  const read = readJsonText(text, manifestSchema, () => null);
  if (!read.ok) return { ok: false, message: `line ${read.fault.line}: ${read.fault.path} ${read.fault.message}` };
  const { scripts } = read.value;
  const hooks = Object.keys(scripts).filter((name) => {
    const of = /^(?:pre|post)(.+)$/.exec(name)?.[1];
    return of !== undefined && (Object.hasOwn(scripts, of) || of === "install" || of === "publish" || of === "pack");
  });
  const wanted = Object.keys(scripts).filter((name) => !hooks.includes(name));
  const notes = hooks.map((name) => `${name}: runs with the script it belongs to, and is left out`);
  return nameAll(
    wanted.map((script) => [script, { argv: [packageManager, "run", script] }]),
    notes,
  );
}

function readProcfile(text: string): Offer {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const commands: [string, OfferedCommand][] = [];
  for (const [index, line] of lines.entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const [, name, command] = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(line) ?? [];
    if (name === undefined || command === undefined) {
      return { ok: false, message: `line ${index + 1}: is not of the form \`name: command\`` };
    }
    commands.push([name, { command }]);
  }
  return nameAll(commands, []);
}

/** Gives each command a name the policy file takes: a script's `test:unit` becomes `test-unit`. */
function nameAll(offered: readonly (readonly [string, OfferedCommand])[], notes: readonly string[]): Offer {
  const commands = new Map<string, OfferedCommand>();
  const said = [...notes];
  for (const [original, command] of offered) {
    const name = original.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
    const isRunnable = startRequestSchema.safeParse(command).success;
    if (!nameSchema.safeParse(name).success || commands.has(name) || !isRunnable) {
      said.push(`${original}: cannot be a named command (its name, or what it runs), and is left out`);
    } else commands.set(name, command);
  }
  return { ok: true, commands, notes: said };
}

const lockFiles: readonly (readonly [file: string, packageManager: string])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/** The package manager by the files that lie in the project's folder, or in those above it, nearest first. */
export function choosePackageManager(folders: readonly (readonly string[])[]): string {
  for (const files of folders) {
    const found = lockFiles.find(([file]) => files.includes(file));
    if (found !== undefined) return found[1];
  }
  return "npm";
}

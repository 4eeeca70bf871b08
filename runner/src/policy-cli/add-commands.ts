// Puts commands a project offers into the text of a policy file. The owner's comments and layout stay.

import { isAbsolute, join, relative } from "node:path";
import { applyEdits, type JSONPath, modify } from "jsonc-parser";
import { findNamed } from "../admit/named-command.ts";
import type { PolicyFile } from "../admit/policy-schema.ts";
import type { OfferedCommand } from "./project-commands.ts";

export interface Addition {
  readonly text: string;
  readonly root: string;
  /** In the order they were offered. */
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  /** Names that are there already and stay as they are. */
  readonly kept: readonly string[];
}

/** What a policy file begins as. */
export const newPolicyText = '{\n  "version": 1,\n  "mode": "ask"\n}\n';

export interface AdditionAsked {
  /** The policy file's text, and what it says. */
  readonly text: string;
  readonly file: PolicyFile;
  /** The project's folder; absolute. */
  readonly folder: string;
  /** The name of the project's folder in `roots`, where it has one. */
  readonly knownRoot: string | undefined;
  readonly offered: ReadonlyMap<string, OfferedCommand>;
  readonly replace: boolean;
}

/** Throws where a command would run outside the project's folder. */
export function addCommands({ text, file, folder, knownRoot, offered, replace }: AdditionAsked): Addition {
  const root = knownRoot ?? nameRoot(file, folder);
  const names = [...offered.keys()];
  const existing = names.filter((name) => findNamed(file, name) !== undefined);
  const kept = replace ? [] : existing;
  const changed = names.filter((name) => !kept.includes(name));
  let edited = text;
  const set = (path: JSONPath, value: unknown): void => {
    const options = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: "\n" } };
    edited = applyEdits(edited, modify(edited, path, value, options));
  };
  if (knownRoot === undefined && changed.length > 0) set(["roots", root], folder);
  for (const name of changed) set(["commands", name], placed(offered.get(name) ?? {}, name, root, folder));
  const replaced = existing.filter((name) => changed.includes(name));
  return { text: edited, root, added: changed.filter((name) => !existing.includes(name)), replaced, kept };
}

/** Commands of a subfolder have it as their own folder, which must lie in the project's. */
function placed({ cwd, ...command }: OfferedCommand, name: string, root: string, folder: string): object {
  if (cwd === undefined) return { root, ...command };
  const inside = join(folder, cwd);
  const way = relative(folder, inside);
  if (isAbsolute(cwd) || way.startsWith("..")) throw new Error(`${name}: its cwd ${cwd} lies outside the project`);
  return way === "" ? { root, ...command } : { cwd: inside, ...command };
}

/** The folder's own name as far as it makes one, with a number where it stands for another folder already. */
function nameRoot({ roots }: PolicyFile, folder: string): string {
  const own = (folder.split("/").at(-1) ?? "").replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, 50);
  const base = /^[A-Za-z]/.test(own) && !/^p[0-9]+$/.test(own) ? own : `project-${own}`.replace(/-$/, "");
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!Object.hasOwn(roots, name)) return name;
  }
}

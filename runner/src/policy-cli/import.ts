// `runner policy import`: copies a project's commands into the owner's policy file, once the owner has seen them.

import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { fileOf } from "../admit/policy.ts";
import { findReach, readPolicy, readPolicyText } from "../admit/policy-source.ts";
import type { PolicyFile } from "../admit/policy-schema.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { addCommands, type Addition, newPolicyText } from "./add-commands.ts";
import type { PolicyOptions } from "./policy-usage.ts";
import {
  choosePackageManager,
  projectFileKinds,
  readOffer,
  type OfferedCommand,
  type ProjectFileKind,
} from "./project-commands.ts";
import { plain, sayCommand, sayRows } from "./say.ts";
import { writePrivately } from "./write-privately.ts";

/** Everything is said on stderr: stdout is for what other programs read. */
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** `here`: the folder it was called from. The exit code. */
export async function importCommands(options: PolicyOptions, policyPath: string, here: string): Promise<number> {
  const source = findProjectFile(options.rest[0], here);
  const folder = realpathSync(path.dirname(source.path));
  const offer = readOffer(source.kind, readFileSync(source.path, "utf8"), choosePackageManager(listFolders(folder)));
  if (!offer.ok) throw new CliFailure(`${source.path}: ${plain(offer.message)}.`, exitCodes.failed);
  for (const note of offer.notes) say(plain(note));
  const policy = readPolicy({ path: policyPath, allowAll: false });
  if (policy.type === "broken")
    throw new CliFailure(`the policy file cannot be used: ${policy.fault}.`, exitCodes.failed);
  const addition = add(options, policyPath, fileOf(policy), folder, offer.commands);
  if (addition.kept.length > 0) say(`Kept as they are (--replace overwrites them): ${addition.kept.join(", ")}.`);
  const changed = [...addition.added, ...addition.replaced];
  if (changed.length === 0) {
    say("There is nothing to add.");
    return exitCodes.ok;
  }
  say(`From ${plain(source.path)} into ${plain(policyPath)}, to run in ${plain(folder)}:\n`);
  const rows = changed.map((name) => [name, sayOffered(name, addition, offer.commands)] as const);
  process.stderr.write(`${sayRows(rows, 2)}\n`);
  if (
    !options.yes &&
    !(await agrees(`Callers may then run ${changed.length === 1 ? "it" : "them"} without asking. Add?`))
  ) {
    say("Nothing was changed.");
    return exitCodes.failed;
  }
  writePrivately(policyPath, addition.text);
  say(`Added ${changed.length}. A runner that uses this file knows them at once.`);
  return exitCodes.ok;
}

function sayOffered(name: string, { replaced }: Addition, offered: ReadonlyMap<string, OfferedCommand>): string {
  const { cwd, ...command } = offered.get(name) ?? {};
  const where = cwd === undefined ? "" : `   (in ${plain(cwd)})`;
  return `${sayCommand(command)}${where}${replaced.includes(name) ? "   (replaces yours)" : ""}`;
}

function findProjectFile(
  asked: string | undefined,
  here: string,
): { readonly path: string; readonly kind: ProjectFileKind } {
  if (asked === undefined) {
    const kind = projectFileKinds.find((name) => existsSync(path.join(here, name)));
    if (kind !== undefined) return { path: path.join(here, kind), kind };
    throw new CliFailure(`${here} has none of ${projectFileKinds.join(", ")}.`, exitCodes.failed);
  }
  const file = path.resolve(here, asked);
  const kind = projectFileKinds.find((name) => name === path.basename(file));
  if (kind === undefined)
    throw new CliFailure(`import reads ${projectFileKinds.join(", ")}, not ${plain(asked)}.`, exitCodes.usage);
  if (!existsSync(file)) throw new CliFailure(`${plain(file)} is not there.`, exitCodes.failed);
  return { path: file, kind };
}

/** Names of the files in the folder and in those above it, up to its repository's. */
function listFolders(folder: string): string[][] {
  const names = readdirSync(folder);
  const parent = path.dirname(folder);
  return names.includes(".git") || parent === folder ? [names] : [names, ...listFolders(parent)];
}

function add(
  { replace }: PolicyOptions,
  policyPath: string,
  file: PolicyFile,
  folder: string,
  offered: ReadonlyMap<string, OfferedCommand>,
): Addition {
  const knownRoot = Object.entries(file.roots).find(
    ([, root]) => existsSync(root) && realpathSync(root) === folder,
  )?.[0];
  const text = existsSync(policyPath) ? readFileSync(policyPath, "utf8") : newPolicyText;
  let addition: Addition;
  try {
    addition = addCommands({ text, file, folder, knownRoot, offered, replace });
  } catch (error) {
    throw new CliFailure(`${plain(reasonOf(error))}.`, exitCodes.failed);
  }
  const read = readPolicyText(addition.text);
  if (!read.ok) {
    const { path: key, message } = read.fault;
    throw new CliFailure(
      `the policy file would not load with them: ${plain(key)}: ${plain(message)}.`,
      exitCodes.failed,
    );
  }
  const reach = findReach(read.value, existsSync(policyPath) ? realpathSync(policyPath) : policyPath);
  if (reach !== null) throw new CliFailure(`${plain(reach)}.`, exitCodes.failed);
  return addition;
}

async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CliFailure("there is no terminal to ask on: look at the commands above and add --yes.", exitCodes.usage);
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-C and Ctrl-D close it, which is a no.
    const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

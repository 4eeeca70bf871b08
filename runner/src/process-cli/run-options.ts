// The options of `run`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import { machineOptions, machineUsage, type MachineOptions } from "./reach-machine.ts";
import { readArguments, wrongUse } from "./read-arguments.ts";

export const runUsage = `runner run [options] [--] CMD…              start CMD on the machine and follow its output
runner run [options] --use NAME             the same for a command the machine's owner named

CMD is a program and its arguments; a single word with spaces in it is a shell command. It ends with the
command's own exit code. Ctrl-C leaves it running, and says how to come back; Ctrl-C again stops it.

  --name N        what it is called; unique among what lives on the machine
  --tag T         repeatable
  --cwd DIR       where it runs; default: this folder on this machine, the runner's own on another
  --tty           in a terminal: this one, with all its keys. Ctrl-] leaves it running
  --param P=V     a parameter of the command in --use; repeatable
${machineUsage.replace("the answer as JSON on stdout", "its events as JSON on stdout, one a line")}`;

const form = {
  command: "run",
  usage: runUsage,
  options: {
    ...machineOptions,
    name: { type: "string", short: "n" },
    tag: { type: "string", short: "t", multiple: true },
    cwd: { type: "string" },
    tty: { type: "boolean", default: false },
    use: { type: "string" },
    param: { type: "string", multiple: true },
  },
  words: [0, 0],
} as const;

/** What runs, as a start's body says it. */
export type WhatRuns =
  | { readonly argv: string[] }
  | { readonly command: string }
  | { readonly use: string; readonly params: readonly (readonly [name: string, value: string])[] };

export interface RunOptions extends MachineOptions {
  readonly what: WhatRuns;
  readonly name: string | undefined;
  readonly tags: string[] | undefined;
  readonly cwd: string | undefined;
  readonly tty: boolean;
  readonly json: boolean;
}

/** Null where help was asked for and printed. Throws `CliFailure` with what is wrong. */
export function readRunOptions(args: readonly string[]): RunOptions | null {
  const { own, words } = splitCommand(args);
  const read = readArguments(form, own);
  if (read === null) return null;
  const { tag: tags, use, param, json, tty, ...rest } = read.values;
  if (tty && json) throw wrongUse(form, "--json does not go with --tty.");
  const { name, cwd, server, data, machine } = rest;
  return { what: readWhat(words, use, param), tags, tty, json, name, cwd, server, data, machine };
}

function readWhat(words: string[], use: string | undefined, params: readonly string[] | undefined): WhatRuns {
  if (use !== undefined) {
    if (words.length > 0) throw wrongUse(form, "give a command or --use, not both.");
    return { use, params: (params ?? []).map(splitParam) };
  }
  if (params !== undefined) throw wrongUse(form, "--param goes with --use only.");
  const [first, ...more] = words;
  if (first === undefined) throw wrongUse(form, "say what to run.");
  return more.length === 0 && /\s/.test(first) ? { command: first } : { argv: words };
}

function splitParam(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw wrongUse(form, `--param ${text} is nothing of the form NAME=VALUE.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** This command's own arguments, and those from its first word on, or behind a `--`, which are the command to run. */
function splitCommand(args: readonly string[]): { readonly own: readonly string[]; readonly words: string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: form.options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const end = tokens.find(({ kind }) => kind !== "option");
  if (end === undefined) return { own: args, words: [] };
  return {
    own: args.slice(0, end.index),
    words: args.slice(end.kind === "positional" ? end.index : end.index + 1),
  };
}

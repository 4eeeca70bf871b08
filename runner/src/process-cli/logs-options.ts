// The options of `logs`, and what they come to. Pure but for help.

import { maxPatternLength, maxTailLines } from "@longwire/shared/limits.ts";
import { compilePattern, type Pattern } from "@longwire/shared/pattern.ts";
import { machineOptions, machineUsage, type MachineOptions } from "./reach-machine.ts";
import { readArguments, wrongUse } from "./read-arguments.ts";

const form = {
  command: "logs",
  usage: `runner logs P [options]    what a process printed in its latest run, also while its machine is off

On a terminal it is shown as text that steers nothing: escape sequences out, progress displays in their last state, equal
lines folded, no more than a screen can hold. Into a pipe or a file go the bytes as they were printed.

  -f, --follow    then what it prints, until it ends
  --tail N        the last N lines only
  --grep RE       lines in which RE (RE2 syntax) is found only
  --run N         an earlier run
  --after C       from a cursor on, such as 1.2048
  --raw           the bytes as they were printed, to a terminal too
${machineUsage}`,
  options: {
    ...machineOptions,
    follow: { type: "boolean", short: "f", default: false },
    tail: { type: "string" },
    grep: { type: "string" },
    run: { type: "string" },
    after: { type: "string" },
    raw: { type: "boolean", default: false },
  },
  words: [1, 1],
} as const;

export interface LogsOptions extends MachineOptions {
  readonly name: string;
  readonly follow: boolean;
  readonly tail: number | undefined;
  readonly grep: { readonly source: string; readonly pattern: Pattern } | undefined;
  readonly run: number | undefined;
  readonly after: string | undefined;
  readonly raw: boolean;
  readonly json: boolean;
}

/** Null where help was asked for and printed. Throws `CliFailure` with what is wrong. */
export function readLogsOptions(args: readonly string[]): LogsOptions | null {
  const read = readArguments(form, args);
  if (read === null) return null;
  const [name = ""] = read.words;
  const { follow, raw, json, after, machine, server, data } = read.values;
  const tail = readNumber("--tail", read.values.tail, maxTailLines);
  const run = readNumber("--run", read.values.run, 999_999_999);
  const grep = readGrep(read.values.grep);
  if (raw && (json || grep !== undefined)) throw wrongUse(form, "--raw goes with neither --json nor --grep.");
  if (after !== undefined && (tail ?? run) !== undefined)
    throw wrongUse(form, "--after goes with neither --tail nor --run.");
  if (after !== undefined && !/^[1-9][0-9]{0,8}\.[0-9]{1,15}$/.test(after)) {
    throw wrongUse(form, `--after ${after} is no cursor such as 1.2048.`);
  }
  return { name, follow, tail, grep, run, after, raw, json, machine, server, data };
}

function readNumber(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9][0-9]{0,8}$/.test(text) && Number(text) <= most) return Number(text);
  throw wrongUse(form, `${option} ${text} is no number from 1 to ${most}.`);
}

function readGrep(source: string | undefined): LogsOptions["grep"] {
  if (source === undefined) return undefined;
  if (source === "" || source.length > maxPatternLength)
    throw wrongUse(form, "--grep takes a pattern that is not so long.");
  const compiled = compilePattern(source);
  if (!compiled.ok) throw wrongUse(form, `${compiled.refusal.detail}. ${compiled.refusal.hint ?? ""}`);
  return { source, pattern: compiled.value };
}

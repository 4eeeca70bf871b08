// A command as one line of text. For people and for matching by a part of it; never handed to a shell.

import type { RunLabel } from "./wire/facts.ts";

const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

function quote(argument: string): string {
  return plain.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** The shell command as it was given, or the argv joined with POSIX quoting where an argument needs it. */
export function displayCommand(label: Pick<RunLabel, "command" | "argv">): string {
  return label.argv === undefined ? (label.command ?? "") : label.argv.map(quote).join(" ");
}

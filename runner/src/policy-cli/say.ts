// Words of the policy commands for a terminal. What a project or a file says may hold anything: nothing of it steers
// the terminal.

import { displayCommand } from "@longwire/shared/display-command.ts";

/** Control characters, and those that turn the direction of a line. */
const steering = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** `text` on one line, with what would steer a terminal spelled out. */
export function plain(text: string): string {
  return text.replaceAll(steering, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A command as one line. */
export function sayCommand(command: {
  readonly command?: string | undefined;
  readonly argv?: string[] | undefined;
}): string {
  const { command: line, argv } = command;
  return plain(displayCommand({ ...(line === undefined ? {} : { command: line }), ...(argv && { argv }) }));
}

/** Rows of a label and a text, the texts one under the other. */
export function sayRows(rows: readonly (readonly [label: string, text: string])[], indent: number): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, text]) => `${" ".repeat(indent)}${label.padEnd(width)}${text}\n`).join("");
}

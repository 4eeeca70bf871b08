// What waits for the owner, as text for a terminal. Nothing in it steers one but the colours given here.

import { quoteVisibly } from "./visible-text.ts";
import type { ShownRow } from "./show-what-runs.ts";

export interface SaidApproval {
  readonly id: string;
  readonly process: string;
  readonly run: number;
  readonly askedBy: string | null;
  readonly leftMs: number;
  readonly shown: readonly ShownRow[];
}

/** What colours a heading; both empty where no colours are wanted. */
export interface Emphasis {
  readonly on: string;
  readonly off: string;
}
export const plainText: Emphasis = { on: "", off: "" };
export const bold: Emphasis = { on: "\u001b[1m", off: "\u001b[0m" };

const labelWidth = 11;

/** Lines, each with its line feed. */
export function sayAsked(asked: SaidApproval, { on, off }: Emphasis): string {
  const { id, process, run, askedBy, leftMs, shown } = asked;
  const rows: ShownRow[] = [
    ...shown,
    ...(askedBy === null ? [] : [["asked by", `the token ${quoteVisibly(askedBy)}`] as const]),
    ["answer", `within ${Math.ceil(leftMs / 1000)} s`],
  ];
  const which = run === 1 ? process : `${process}, run ${run},`;
  const lines = rows.map(([label, text]) => `  ${label.padEnd(labelWidth)}${text}\n`);
  return `${on}${which} asks to run: approval ${id}${off}\n${lines.join("")}`;
}

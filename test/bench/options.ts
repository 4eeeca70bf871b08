/** The bench's command line. Pure. */
import { parseArgs } from "node:util";

import { MAX_LINES } from "./children/line.ts";

const SUBJECTS = ["floor", "openssh", "longwire"] as const;

/** A subject's name on the command line. */
export type SubjectName = (typeof SUBJECTS)[number];

/** What to measure and how often. */
export interface Options {
  readonly rounds: number;
  /** Lines of each flooding child. */
  readonly lines: number;
  /** Prints of the latency child. */
  readonly prints: number;
  /** Names of the subjects; null means all that are there. */
  readonly only: readonly SubjectName[] | null;
  /** File for all rounds and medians as JSON. */
  readonly json: string | null;
}

/** How to call it. */
export const USAGE = `usage: bench [--rounds 5] [--lines 500000] [--prints 300] [--only ${SUBJECTS.join(",")}] [--json FILE]`;

/** Reads the arguments; what is wrong with them is thrown, in words for a person. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    // pnpm hands a `--` on literally.
    args: args.filter((arg) => arg !== "--"),
    options: {
      rounds: { type: "string", default: "5" },
      lines: { type: "string", default: "500000" },
      prints: { type: "string", default: "300" },
      only: { type: "string" },
      json: { type: "string" },
    },
  });
  return {
    rounds: readCount("rounds", values.rounds),
    lines: readCount("lines", values.lines),
    prints: readCount("prints", values.prints),
    only: values.only?.split(",").map(readSubject) ?? null,
    json: values.json ?? null,
  };
}

function readSubject(text: string): SubjectName {
  const name = SUBJECTS.find((subject) => subject === text);
  if (name === undefined) throw new Error(`--only knows ${SUBJECTS.join(", ")}, not ${text}`);
  return name;
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MAX_LINES)
    throw new Error(`--${name} must be a whole number from 1`);
  return count;
}

/** The bench's command line. Pure. */
import { parseArgs } from "node:util";

const SUBJECTS = ["floor", "openssh", "spawn", "longwire", "longwire-events"] as const;
const CASES = [
  ...[
    "latency",
    "flood",
    "fan-out",
    "replay",
    "tail",
    "start",
    "stop",
    "neighbour",
    "search",
    "memory",
    "rows",
    "machines",
  ],
] as const;
const MAX_ROUNDS = 1000;

/** A subject's name on the command line. */
export type SubjectName = (typeof SUBJECTS)[number];

/** What to measure and how often. */
export interface Options {
  readonly rounds: number;
  /** Names of the cases; null means all. */
  readonly cases: readonly string[] | null;
  /** Names of the subjects; null means all that are there. */
  readonly only: readonly SubjectName[] | null;
  /** Tiny sizes: shows that the cases work. */
  readonly quick: boolean;
  /** File for all rounds and medians as JSON. */
  readonly json: string | null;
}

/** How to call it. */
export const USAGE = `usage: bench [--rounds 5] [--case C,…] [--only S,…] [--quick] [--json FILE]
  cases: ${CASES.join(", ")}
  subjects: ${SUBJECTS.join(", ")}`;

/** Reads the arguments; what is wrong with them is thrown, in words for a person. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    // pnpm hands a `--` on literally.
    args: args.filter((arg) => arg !== "--"),
    options: {
      rounds: { type: "string" },
      case: { type: "string" },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  return {
    rounds: readRounds(values.rounds ?? (values.quick ? "1" : "5")),
    cases: values.case?.split(",").map((name) => readName("--case", CASES, name)) ?? null,
    only: values.only?.split(",").map((name) => readName("--only", SUBJECTS, name)) ?? null,
    quick: values.quick,
    json: values.json ?? null,
  };
}

function readName<T extends string>(option: string, known: readonly T[], text: string): T {
  const name = known.find((one) => one === text);
  if (name === undefined) throw new Error(`${option} knows ${known.join(", ")}, not ${text}`);
  return name;
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MAX_ROUNDS)
    throw new Error(`--rounds must be a whole number from 1 to ${MAX_ROUNDS}`);
  return rounds;
}

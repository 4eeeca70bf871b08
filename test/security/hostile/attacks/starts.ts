// Starts no owner allowed: every field of a start, given a word of the corpus.

import { bypasses } from "../../corpus/bypasses.ts";
import { dangerousVariables, oddVariables } from "../../corpus/variables.ts";
import { pick, type Random } from "./pick.ts";

export interface StartAttack {
  /** The field that is attacked. */
  readonly on: string;
  readonly operation: unknown;
}

const kinds = ["text", "trail", "within", "word", "file", "count", "ratio", "flag", "pick", "line"];
const start = (request: object): object => ({ op: "start", request });
/** As a key of its own, also where it is `__proto__`. */
const keyed = (key: string, value: unknown): object => Object.fromEntries([[key, value]]);
const numberOf = (word: string): unknown =>
  [Number(word) || word, [word], { word }, null, word.length, -word.length][word.length % 6];

type Field = (word: string, random: Random) => object;

const fields: Readonly<Record<string, Field>> = {
  ...Object.fromEntries(
    kinds.map((kind): [string, Field] => [`params of ${kind}`, (text) => start({ use: kind, params: { text } })]),
  ),
  "params of other kinds": (word, random) => start({ use: pick(kinds, random), params: { text: numberOf(word) } }),
  "names of params": (word, random) => start({ use: pick(kinds, random), params: { text: "a", ...keyed(word, "b") } }),
  use: (word) => start({ use: word }),
  "use and command": (word) => start({ use: "bare", command: word }),
  name: (word) => start({ use: "bare", name: word }),
  cwd: (word) => start({ use: "bare", cwd: word }),
  tags: (word) => start({ use: "bare", tags: [word] }),
  "values of an allowed variable": (word) => start({ use: "bare", env: { CI: word } }),
  "names of variables": (word) => start({ use: "bare", env: keyed(word, "x") }),
  "dangerous variables": (word, random) => start({ use: "bare", env: { [pick(dangerousVariables, random)]: word } }),
  "odd variables": (word, random) => start({ use: "bare", env: keyed(pick(oddVariables, random), word) }),
  "dangerous variables beside an allowed one": (word, random) =>
    start({ use: "line", params: { text: "x" }, env: { CI: "1", [pick(dangerousVariables, random)]: word } }),
  command: (word) => start({ command: word }),
  "command and its folder": (word) => start({ command: "bare", cwd: word, name: "bare" }),
  argv: (word) => start({ argv: word.split(" ") }),
  "argv of a shell": (word) => start({ argv: ["/bin/sh", "-c", word] }),
  "argv of the owner's program": (word) => start({ argv: [process.execPath, "-e", word] }),
  "ready of a named command": (word) => start({ use: "stay", ready: { command: word } }),
  "ready of any": (word) => start({ command: "true", ready: { command: word } }),
  needs: (word) => start({ use: "bare", needs: keyed(word, "completed") }),
  stdin: (word) => start({ use: "bare", stdin: word }),
  "unknown fields": (word) => start({ use: "bare", ...keyed(word, true) }),
  "fields of the policy": (word) =>
    start({ use: "bare", policy: { mode: "open" }, allow: true, approved: true, shell: word }),
  if_running: (word, random) => start({ use: "stay", if_running: pick(["fail", "reuse", "restart", word], random) }),
  queue: (word) => start({ use: "bare", queue: { name: word }, restart: { policy: "always" } }),
  op: (word) => ({ op: word, request: { use: "bare" } }),
  "processes of other commands": (word, random) => ({
    ...{ op: pick(["stop", "restart", "forget", "pause", "signal", "resize", "input"], random), process: word },
    ...{ signal: "SIGINT", grace_ms: 0, tree: true, size: { cols: 1, rows: 1 }, input: { text: word } },
  }),
  "input of a live run": (word, random) => ({
    ...{ op: "input", process: `p${1 + Math.floor(random() * 40)}` },
    input: { text: word, enter: true },
  }),
  restart: (_word, random) => ({
    ...{ op: "restart", process: `p${1 + Math.floor(random() * 40)}`, signal: "SIGINT", grace_ms: 0 },
  }),
};

const names = Object.keys(fields);

/** The `at`-th attack: the fields in turn, each with a word by chance. */
export function nextStart(at: number, trap: string, random: Random): StartAttack {
  const on = names[at % names.length] ?? "use";
  const words = bypasses(trap);
  return { on, operation: fields[on]?.(pick(words, random), random) };
}

/** Every field with every word would be this many. */
export const startAttacks = (trap: string): number => names.length * bypasses(trap).length;

// A pattern as an automaton that takes one byte after the other. It is made as it is used: a state comes to be when it
// is first reached, so what no output ever begins costs nothing.

import { type ByteNode, PatternFault } from "./byte-pattern.ts";
import type { Matcher } from "./matcher.ts";

/** Steps of the nondeterministic program a pattern may have. */
const maxSteps = 4000;
/** States an automaton may have; a pattern that needs more is refused where it is written. */
export const maxStates = 1500;

type Step =
  | { readonly type: "set"; readonly set: Uint8Array; readonly next: number }
  | { readonly type: "split"; next: number; other: number }
  | { readonly type: "end" };

interface State {
  readonly steps: readonly number[];
  readonly accepts: boolean;
  /** By byte: the next state, `dead`, or `unknown`. */
  readonly next: Int16Array;
}

export const dead = -1;
const unknown = -2;

export class Automaton implements Matcher {
  readonly start = 0;
  readonly #program: Step[] = [];
  readonly #states: State[] = [];
  readonly #ids = new Map<string, number>();
  readonly #first: number;

  /** Throws {@link PatternFault} where the pattern is too large. */
  constructor(pattern: ByteNode) {
    const end = this.#add({ type: "end" });
    this.#first = this.#compile(pattern, end);
    this.#stateOf([this.#first]);
  }

  /** How many states there are so far. */
  get size(): number {
    return this.#states.length;
  }

  next(state: number, byte: number): number {
    const from = this.#states[state];
    if (from === undefined) return dead;
    const known = from.next[byte] ?? dead;
    if (known !== unknown) return known;
    const reached: number[] = [];
    for (const at of from.steps) {
      const step = this.#program[at];
      if (step?.type === "set" && step.set[byte] === 1) reached.push(step.next);
    }
    const next = reached.length === 0 ? dead : this.#stateOf(reached);
    from.next[byte] = next;
    return next;
  }

  accepts(state: number): boolean {
    return this.#states[state]?.accepts === true;
  }

  /** For each of the first bytes of a match, at most `most` and as many as all matches have, which it may be. */
  heads(most: number): number[][] {
    const heads: number[][] = [];
    for (let steps = this.#follow([this.#first]); heads.length < most;) {
      const sets: Uint8Array[] = [];
      const reached: number[] = [];
      for (const at of steps) {
        const step = this.#program[at];
        if (step?.type !== "set") return heads;
        reached.push(step.next);
        sets.push(step.set);
      }
      const head: number[] = [];
      for (let byte = 0; byte < 256; byte++) if (sets.some((set) => set[byte] === 1)) head.push(byte);
      heads.push(head);
      steps = this.#follow(reached);
    }
    return heads;
  }

  /** Adds what matches `node` and goes on at `next`; where it begins. */
  #compile(node: ByteNode, next: number): number {
    switch (node.type) {
      case "set":
        return this.#add({ type: "set", set: node.set, next });
      case "sequence":
        return node.parts.reduceRight((to, part) => this.#compile(part, to), next);
      case "choice":
        return node.parts
          .map((part) => this.#compile(part, next))
          .reduceRight((other, to) => this.#add({ type: "split", next: to, other }));
      case "repeat":
        return this.#compileRepeat(node, next);
    }
  }

  #compileRepeat({ part, min, max }: Extract<ByteNode, { type: "repeat" }>, next: number): number {
    let begin = next;
    if (max === Infinity) {
      const loop: Extract<Step, { type: "split" }> = { type: "split", next, other: next };
      begin = this.#add(loop);
      loop.next = this.#compile(part, begin);
    } else {
      for (let count = min; count < max; count++) {
        begin = this.#add({ type: "split", next: this.#compile(part, begin), other: next });
      }
    }
    for (let count = 0; count < min; count++) begin = this.#compile(part, begin);
    return begin;
  }

  #add(step: Step): number {
    if (this.#program.length >= maxSteps) throw new PatternFault("is too large");
    return this.#program.push(step) - 1;
  }

  #stateOf(entries: readonly number[]): number {
    const steps = this.#follow(entries);
    const key = steps.join(",");
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    // A pattern that came so far is one whose states were never counted; it finds no more.
    if (this.#states.length >= maxStates) return dead;
    const accepts = steps.some((at) => this.#program[at]?.type === "end");
    const id = this.#states.push({ steps, accepts, next: new Int16Array(256).fill(unknown) }) - 1;
    this.#ids.set(key, id);
    return id;
  }

  /** All steps that are reached without a byte, in order. */
  #follow(entries: readonly number[]): number[] {
    const seen = new Set<number>();
    const open = [...entries];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const step = this.#program[at];
      if (step?.type === "split") open.push(step.next, step.other);
    }
    return [...seen].filter((at) => this.#program[at]?.type !== "split").sort((one, other) => one - other);
  }
}

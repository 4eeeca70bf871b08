// A pattern that is read when it is first needed: most runs print nothing that any of them begins with.

import { Automaton } from "./automaton.ts";
import { parseBytePattern } from "./byte-pattern.ts";
import type { Matcher } from "./matcher.ts";

export class LazyMatcher implements Matcher {
  readonly start = 0;
  readonly #pattern: string;
  #automaton: Automaton | null = null;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  next(state: number, byte: number): number {
    this.#automaton ??= new Automaton(parseBytePattern(this.#pattern));
    return this.#automaton.next(state, byte);
  }

  accepts(state: number): boolean {
    return this.#automaton?.accepts(state) === true;
  }
}

// Whether a pattern of the owner's can be looked for in a stream: how much may have to be held back for it is bounded.

import { Automaton, maxStates } from "./automaton.ts";
import { parseBytePattern, PatternFault } from "./byte-pattern.ts";
import { windowBytes } from "./needle.ts";

/** Bytes that may be held back until it is known whether they are a secret. */
export const maxUndecidedBytes = 1024;

/** What is wrong with `source`, to follow its name; null where nothing is. */
export function checkPattern(source: string): string | null {
  try {
    const automaton = new Automaton(parseBytePattern(source));
    if (automaton.heads(windowBytes).length < windowBytes) return `matches fewer than ${windowBytes} bytes`;
    return findUndecided(automaton);
  } catch (error) {
    if (error instanceof PatternFault) return error.message;
    throw error;
  }
}

/** Looks for the longest way through states that are no match yet. */
function findUndecided(automaton: Automaton): string | null {
  const longest = new Map<number, number>();
  const open = new Set<number>();
  let fault: string | null = null;
  const measure = (state: number): number => {
    if (open.has(state)) fault = "may go on without end before it is known to match: bound its middle, as in `{0,64}`";
    if (automaton.size >= maxStates) fault = "is too large";
    const known = longest.get(state);
    if (known !== undefined || fault !== null) return known ?? 0;
    open.add(state);
    let most = 0;
    for (const next of successors(automaton, state))
      if (!automaton.accepts(next)) most = Math.max(most, 1 + measure(next));
    open.delete(state);
    longest.set(state, most);
    return most;
  };
  // Ways that begin at a match as well: after it, it may go on.
  const reached = new Set([automaton.start]);
  for (const state of reached) {
    const most = measure(state);
    if (fault !== null) return fault;
    if (most > maxUndecidedBytes)
      return `may take ${most} bytes until it is known to match; at most ${maxUndecidedBytes} can`;
    for (const next of successors(automaton, state)) reached.add(next);
  }
  return null;
}

function successors(automaton: Automaton, state: number): Set<number> {
  const found = new Set<number>();
  for (let byte = 0; byte < 256; byte++) {
    const next = automaton.next(state, byte);
    if (next >= 0) found.add(next);
  }
  return found;
}

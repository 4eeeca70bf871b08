// A wait for something of one run, judged from what its log says and the clock.
//
//   reading ──caught_up──► following ──► ended
//      │  (what is stored)   (live)        ▲
//      └──────────────────────────────────┘
//
// Both states end by a match, by a port, by the run's end, by time and by the bound on what is searched. New output ends a wait
// once all that is stored was read; silence counts from then, or from the last output after it.

import type { WaitCondition } from "@longwire/shared/api/wait-requests.ts";
import type { WaitEnding } from "@longwire/shared/api/views.ts";
import { maxSearchBytes, unfinishedLineMs } from "@longwire/shared/limits.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import {
  searchBytes,
  searchFrom,
  searchPending,
  type LineMatch,
  type LineSearch,
} from "@longwire/shared/line-search.ts";
import { decodeText } from "./decode-text.ts";
import { addOutput, emptyTail, skipOutput, type OutputTail } from "./output-tail.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";

/** What is waited for. Offsets are of the run's output, times by the clock that `now` comes from. */
export interface WaitTerms {
  readonly until: readonly WaitCondition[];
  /** Null where no match is waited for. */
  readonly pattern: Pattern | null;
  readonly idleMs: number;
  readonly endsAt: number;
  /** Output before this is neither searched nor shown. */
  readonly from: number;
  /** Output beyond this is new. */
  readonly newFrom: number;
}

interface Seen {
  /** The end of the output that was seen. */
  readonly end: number;
  readonly search: LineSearch;
  /** Whether the unfinished line was searched as it stands. */
  readonly pendingSearched: boolean;
  /** Bytes searched, each times the pattern's weight. */
  readonly spent: number;
  readonly tail: OutputTail;
}

export type WaitState =
  | { readonly type: "reading"; readonly seen: Seen }
  | { readonly type: "following"; readonly seen: Seen; readonly quietSince: number }
  | {
      readonly type: "ended";
      readonly by: WaitEnding;
      readonly match: LineMatch | null;
      /** The one the run's tree listens on, where that ended it. */
      readonly port: number | null;
      /** The offset to go on from. Before an unfinished line that is still to be searched, so that none is missed. */
      readonly next: number;
      readonly tail: OutputTail;
    };
export type Waiting = Exclude<WaitState, { type: "ended" }>;

export type WaitInput =
  | { readonly type: "output"; readonly offset: number; readonly bytes: Uint8Array }
  /** The run's output goes on at `offset`; what was before is lost. */
  | { readonly type: "gap"; readonly offset: number }
  /** All that was stored when the wait began has been given. */
  | { readonly type: "caught_up" }
  /** `denied`: the machine's owner did not let it begin. */
  | { readonly type: "run_ended"; readonly denied?: boolean }
  | { readonly type: "ready" }
  /** The run's tree listens on the port that is waited for. */
  | { readonly type: "port"; readonly port: number }
  | { readonly type: "clock" };

export function beginWait(terms: WaitTerms): WaitState {
  const { from } = terms;
  return {
    type: "reading",
    seen: { end: from, search: searchFrom(from), pendingSearched: false, spent: 0, tail: emptyTail },
  };
}

/** The state after one input. What was seen before is not judged again. */
export function stepWait(terms: WaitTerms, state: WaitState, input: WaitInput, now: number): WaitState {
  if (state.type === "ended") return state;
  switch (input.type) {
    case "output":
      return takeOutput(terms, state, input.offset, input.bytes, now);
    case "gap":
      return input.offset <= state.seen.end ? state : { ...state, seen: skipTo(state.seen, input.offset) };
    case "caught_up": {
      if (state.type === "following") return state;
      return judgeNew(terms, { ...state, type: "following", quietSince: now });
    }
    case "run_ended": {
      const searched = judgePending(terms, state);
      return searched.type === "ended" ? searched : endWait(terms, searched, input.denied === true ? "denied" : "exit");
    }
    case "ready":
      return terms.until.includes("ready") ? endWait(terms, state, "ready") : state;
    case "port":
      return { ...endWait(terms, state, "port"), port: input.port };
    case "clock":
      return takeTime(terms, state, now);
    default:
      return unreachable(input);
  }
}

/** What is stored may be read for this long when the time is up, so that a wait of 0 ms still says what is there. */
const readingGraceMs = 500;

/** When the clock matters next to a wait that goes on. */
export function wakeAt(terms: WaitTerms, state: Waiting): number {
  if (state.type === "reading") return terms.endsAt + readingGraceMs;
  const idleAt = terms.until.includes("idle") ? state.quietSince + terms.idleMs : Infinity;
  const pendingAt = hasPending(terms, state.seen) ? state.quietSince + unfinishedLineMs : Infinity;
  return Math.min(terms.endsAt, idleAt, pendingAt);
}

function skipTo(seen: Seen, offset: number): Seen {
  const tail = skipOutput(seen.tail, offset - seen.end);
  return { ...seen, end: offset, search: searchFrom(offset), pendingSearched: false, tail };
}

function takeOutput(terms: WaitTerms, before: Waiting, offset: number, bytes: Uint8Array, now: number): WaitState {
  const seen = offset > before.seen.end ? skipTo(before.seen, offset) : before.seen;
  const fresh = bytes.subarray(Math.max(0, seen.end - offset));
  const state: Waiting = before.type === "following" ? { ...before, seen, quietSince: now } : { ...before, seen };
  if (fresh.length === 0) return state;
  const { pattern } = terms;
  const taken = { ...seen, end: seen.end + fresh.length };
  if (pattern === null) {
    const all = { ...taken, tail: addOutput(seen.tail, fresh) };
    return judgeNew(terms, { ...state, seen: all });
  }
  const search = searchBytes(seen.search, fresh, pattern, decodeText);
  if ("text" in search) return endMatched(seen, fresh, search);
  const spent = seen.spent + fresh.length * pattern.weight;
  const all = { ...taken, search, pendingSearched: false, spent, tail: addOutput(seen.tail, fresh) };
  const next = judgeNew(terms, { ...state, seen: all });
  if (next.type === "ended" || spent < maxSearchBytes) return next;
  return endWait(terms, next, "budget");
}

/** Shown is what the line that matched ends with; the rest is for whoever goes on from there. */
function endMatched(seen: Seen, fresh: Uint8Array, match: LineMatch): WaitState {
  const tail = addOutput(seen.tail, fresh.subarray(0, Math.max(0, match.end - seen.end)));
  return { type: "ended", by: "match", match, port: null, next: match.end, tail };
}

function judgeNew(terms: WaitTerms, state: Waiting): WaitState {
  const isNew = state.type === "following" && state.seen.end > terms.newFrom;
  return isNew && terms.until.includes("output") ? endWait(terms, state, "output") : state;
}

function hasPending(terms: WaitTerms, seen: Seen): boolean {
  return terms.pattern !== null && !seen.pendingSearched && seen.search.pending.length > 0;
}

function judgePending(terms: WaitTerms, state: Waiting): WaitState {
  if (terms.pattern === null || !hasPending(terms, state.seen)) return state;
  const match = searchPending(state.seen.search, terms.pattern, decodeText);
  if (match !== null) return { type: "ended", by: "match", match, port: null, next: match.end, tail: state.seen.tail };
  return { ...state, seen: { ...state.seen, pendingSearched: true } };
}

function takeTime(terms: WaitTerms, before: Waiting, now: number): WaitState {
  if (now < wakeAt(terms, before)) return before;
  const state = judgePending(terms, before);
  if (state.type === "ended") return state;
  const isIdle = state.type === "following" && now - state.quietSince >= terms.idleMs;
  if (isIdle && terms.until.includes("idle")) return endWait(terms, state, "idle");
  const endsAt = state.type === "reading" ? terms.endsAt + readingGraceMs : terms.endsAt;
  return now >= endsAt ? endWait(terms, state, "time_up") : state;
}

function endWait(terms: WaitTerms, state: Waiting, by: WaitEnding): Extract<WaitState, { type: "ended" }> {
  const { seen } = state;
  const next = terms.pattern === null || by === "exit" || by === "denied" ? seen.end : seen.search.start;
  return { type: "ended", by, match: null, port: null, next, tail: seen.tail };
}

// Waiting for something of a run: its end, a line, a port, readiness, silence.

import type * as z from "zod";
import { waitAnswerSchema, type WaitAnswer } from "../src/api/views.ts";
import { defaultWaitMs } from "../src/limits.ts";
import type { waitFields } from "../src/api/wait-requests.ts";
import type { Caller } from "./caller.ts";
import type { Asked } from "./query.ts";
import { nextSlice, sliceMs } from "./wait-slices.ts";

export interface WaitOptions {
  /** An output cursor, `run.offset`: what is before it does not count. Absent: the latest run, from its beginning. */
  readonly after?: string | undefined;
  /** How long, in milliseconds: 30 s unless given, `Infinity` for as long as it takes. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a wait is for, as the API takes it. */
export type WaitTerms = Omit<Asked<z.input<z.ZodObject<typeof waitFields>>>, "wait_ms">;

/**
 * Each resolves with how the wait ended, in `ended_by`: by what was waited for, by the run's end (`exit`), by the owner's
 * no (`denied`), or by its time (`time_up`). `output` is what the last of the bounded waits it is made of has seen.
 */
export function waitCalls(caller: Caller) {
  const wait = async (process: string, terms: WaitTerms, options: WaitOptions = {}): Promise<WaitAnswer> => {
    const { timeoutMs = defaultWaitMs, signal } = options;
    const endsAt = Date.now() + timeoutMs;
    const path = caller.processPath(process, "/wait");
    let after = options.after;
    for (let waitMs = sliceMs(timeoutMs); ;) {
      const query = { ...terms, after, wait_ms: waitMs };
      const answer = await caller.json({ method: "GET", path, query, kind: "look" }, waitAnswerSchema, { signal });
      const next = nextSlice(answer, endsAt - Date.now());
      if (next.type === "done") return answer;
      ({ after, waitMs } = next);
    }
  };

  return {
    /** For any of several things at once. */
    waitFor: wait,
    /** For a line in which `pattern` (RE2 syntax) is found; it is in `match`. One printed before counts. */
    waitForLog: (process: string, pattern: string, options?: WaitOptions) =>
      wait(process, { until: ["match"], pattern }, options),
    /** Until its tree listens on `port`, or on any where it is null; the one it is comes in `port`. */
    waitForPort: (process: string, port: number | null = null, options?: WaitOptions) =>
      wait(process, { until: ["port"], ...(port === null ? {} : { port }) }, options),
    waitForExit: (process: string, options?: WaitOptions) => wait(process, { until: ["exit"] }, options),
    /** Until what its start called ready holds. */
    waitForReady: (process: string, options?: WaitOptions) => wait(process, { until: ["ready"] }, options),
    /** Until it has printed nothing for `idleMs`, at most 40 s: silence is not counted across bounded waits. */
    waitUntilIdle: (process: string, idleMs: number, options?: WaitOptions) =>
      wait(process, { until: ["idle"], idle_ms: idleMs }, options),
  };
}

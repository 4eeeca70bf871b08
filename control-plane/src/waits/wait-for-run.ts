// A wait for something of one process: finds the run, feeds the wait's state with its events and the clock, and
// answers with why it ended. Everything is held here, in the Worker; the object may sleep meanwhile.

import type { WaitCondition } from "@longwire/shared/api/wait-requests.ts";
import type { WaitAnswer } from "@longwire/shared/api/views.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import type { Standing } from "../access/standing.ts";
import type { FoundRun, RunPlace } from "../machine/find-run.ts";
import type { Machine } from "../machine/machine.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { findPort, type PortSearch } from "./find-port.ts";
import { readTail } from "./output-tail.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";
import { readRun, retry } from "./run-inputs.ts";
import { beginWait, stepWait, wakeAt, type WaitInput, type WaitState, type WaitTerms } from "./wait-state.ts";

export interface RunWait {
  readonly machine: DurableObjectStub<Machine>;
  readonly standing: Standing;
  /** The process's id or name. */
  readonly process: string;
  readonly until: readonly WaitCondition[];
  /** Not null exactly where `until` has `match`. */
  readonly pattern: Pattern | null;
  /** The only port that counts; null where each does. */
  readonly port: number | null;
  readonly idleMs: number;
  /** Null: the latest run; searched from its beginning, while only what is printed from now on counts as output. */
  readonly after: RunPlace | null;
  /** When the time is up, by this clock. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
}

export async function waitForRun(wait: RunWait): Promise<Result<WaitAnswer>> {
  const { machine, after } = wait;
  const found = await machine.findRun(wait.process, after);
  if (!found.ok) return found;
  const { process_id: process, run, output_bytes: end } = found.value.process;
  if (after !== null && after.offset > end) {
    const message = `lies beyond the output's end, ${run}.${end}`;
    return refuse({ code: "invalid_request", detail: `\`after\` ${message}.`, errors: [{ path: "after", message }] });
  }
  if (wait.until.includes("ready") && found.value.process.ready === null) {
    const message = "`ready` is for runs that have a condition for it";
    return refuse({ code: "invalid_request", detail: message, errors: [{ path: "until", message }] });
  }
  const state = await judge(wait, found.value);
  if (!state.ok) return state;
  const { by, match, port, next, tail } = state.value;
  const now = await retry<Result<FoundRun>>(async () => await machine.findRun(process, { run, offset: next }));
  if (!now.ok) return now;
  return succeed({
    ended_by: by,
    process: now.value.process,
    ...(match === null ? {} : { match: { text: match.text, cursor: `${run}.${match.end}` } }),
    ...(port === null ? {} : { port }),
    next_cursor: `${run}.${next}`,
    ...readTail(tail),
  });
}

async function judge(wait: RunWait, found: FoundRun): Promise<Result<Extract<WaitState, { type: "ended" }>>> {
  const { machine, standing, pattern, after } = wait;
  const { process_id: process, run, output_bytes: end, state: processState } = found.process;
  const from = after?.offset ?? (pattern === null ? end : 0);
  const terms: WaitTerms = { ...wait, from, newFrom: after?.offset ?? end };
  const done = new AbortController();
  const signal = AbortSignal.any([wait.signal, done.signal]);
  const { head, lastSeq: last } = found;
  const first = from < end ? found.firstSeq - 1 : head;
  const known = {
    hasEnded: hasEnded(processState),
    isDenied: found.process.reason === "denied",
    isReady: found.process.ready === true,
  };
  const inputs = readRun({
    machine,
    standing,
    process,
    run,
    after: first,
    last,
    head,
    ...known,
    signal,
  });
  let state = beginWait(terms);
  let next = inputs.next();
  const wantsPort = wait.until.includes("port") && !hasEnded(processState);
  let port: Promise<IteratorResult<WaitInput, null>> | null = null;
  try {
    while (state.type !== "ended") {
      if (state.type === "following" && wantsPort) {
        port ??= awaitPort({ machine, process, run, port: wait.port, signal });
      }
      const got = await orTimer(port === null ? next : Promise.race([next, port]), wakeAt(terms, state) - Date.now());
      if (got?.done === true) {
        if (got.value !== null) return refuse(got.value);
        // Whoever asked is gone.
        state = stepWait(terms, state, { type: "clock" }, Infinity);
      } else if (got !== null) {
        state = stepWait(terms, state, got.value, Date.now());
        next = inputs.next();
      }
      state = stepWait(terms, state, { type: "clock" }, Date.now());
    }
    return succeed(state);
  } finally {
    done.abort();
    next.catch(() => undefined);
  }
}

/** The port as the wait's state takes it; the end, where nobody waits any more. */
async function awaitPort(search: PortSearch): Promise<IteratorResult<WaitInput, null>> {
  const port = await findPort(search);
  return port === null ? { done: true, value: null } : { done: false, value: { type: "port", port } };
}

/** What `promise` gives, or null where it gives nothing within `delayMs`. */
async function orTimer<T>(promise: Promise<T>, delayMs: number): Promise<T | null> {
  const timeUp = Promise.withResolvers<null>();
  const timer = setTimeout(() => timeUp.resolve(null), Math.max(0, delayMs));
  try {
    return await Promise.race([promise, timeUp.promise]);
  } finally {
    clearTimeout(timer);
  }
}

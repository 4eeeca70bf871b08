// What a wait judges of one run: first what is stored, in pages, then what comes, over a viewer that is opened again
// where it stood when the machine's object was reset.

import type { Event } from "@longwire/shared/api/views.ts";
import { backoffMs } from "@longwire/shared/backoff.ts";
import type { ErrorCode, Refusal } from "@longwire/shared/errors.ts";
import type { Standing } from "../access/standing.ts";
import type { Machine } from "../machine/machine.ts";
import type { EventPage } from "../machine/read-events.ts";
import type { Result } from "../result.ts";
import { follow } from "./follow.ts";
import type { WaitInput } from "./wait-state.ts";

export interface RunSource {
  readonly machine: DurableObjectStub<Machine>;
  readonly standing: Standing;
  /** The process's id. */
  readonly process: string;
  readonly run: number;
  /** The seq before the first event to read. */
  readonly after: number;
  /** The seq of the last output that is stored already. */
  readonly last: number;
  /** Up to here events are stored already. */
  readonly head: number;
  /** Whether the run had ended at `head`, and whether because the owner did not let it begin. */
  readonly hasEnded: boolean;
  readonly isDenied: boolean;
  /** Whether it was ready at `head`. */
  readonly isReady: boolean;
  readonly signal: AbortSignal;
}

/** Events of one page. A page is judged in one go. */
const pageEvents = 256;
const maxTries = 4;

const encoder = new TextEncoder();

/** Ends when the signal aborts, with null, or when the object refuses, with its refusal. */
export async function* readRun(source: RunSource): AsyncGenerator<WaitInput, Refusal | null, void> {
  const { machine, standing, process, run, signal } = source;
  let { after } = source;
  const { last, head } = source;
  while (after < last) {
    const from = after;
    const page = await retry<Result<EventPage>>(
      async () => await machine.readEvents(from, pageEvents, { process }, last),
    );
    if (!page.ok) return page.refusal;
    for (const text of page.value.texts) yield* toInputs(text, run);
    after = page.value.nextAfter;
    if (signal.aborted) return null;
  }
  after = Math.max(after, head);
  yield { type: "caught_up" };
  if (source.isReady) yield { type: "ready" };
  if (source.hasEnded) yield { type: "run_ended", denied: source.isDenied };
  let failures = 0;
  for (;;) {
    // What throws here is an object that is being reset: it is asked again until the wait's time is up.
    const viewer = await follow({ machine, standing, after, filter: { process }, signal }).catch(() => null);
    if (viewer?.ok === false) return await readRefusal(viewer.response);
    for await (const { seq, text } of viewer?.events ?? []) {
      failures = 0;
      if (seq > after) after = seq;
      yield* toInputs(text, run);
    }
    if (signal.aborted) return null;
    // A viewer that was closed because its token has ended is not opened again.
    const refusal = await standing.recheck().catch(() => null);
    if (refusal !== null) return refusal;
    await pause(backoffMs(failures++, Math.random()), signal);
  }
}

/** What an event says of the run; nothing where it is about another one. */
function* toInputs(text: string, run: number): Generator<WaitInput, void, void> {
  const event = JSON.parse(text) as Event;
  if (event.run !== run) return;
  if (event.type === "output") {
    yield { type: "output", offset: event.offset ?? 0, bytes: bytesOf(event) };
  } else if (event.type === "gap") {
    if (event.to_offset != null) yield { type: "gap", offset: event.to_offset };
  } else if (event.type === "ready") {
    yield { type: "ready" };
  } else if (event.type === "exited" || event.state === "failed") {
    yield { type: "run_ended", denied: event.reason === "denied" };
  }
}

function bytesOf(event: Event): Uint8Array {
  if (event.data_base64 === undefined) return encoder.encode(event.data ?? "");
  return Uint8Array.from(atob(event.data_base64), (character) => character.charCodeAt(0));
}

async function readRefusal(response: Response): Promise<Refusal> {
  const { code, detail, hint } = await response.json<{ code: ErrorCode; detail: string; hint: string }>();
  return { code, detail, hint };
}

/** Calls the object again when it was reset meanwhile. */
export async function retry<T>(call: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await call();
    } catch (error) {
      if (failures + 1 === maxTries) throw error;
      await pause(backoffMs(failures, Math.random()), null);
    }
  }
}

/** Resolves after `delayMs`, or as soon as the signal aborts. */
export function pause(delayMs: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    signal?.addEventListener("abort", finish);
  });
}

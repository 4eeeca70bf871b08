// Finds out when a run is ready: looks again and again until its condition is met, its time is up or it is over. That
// it is ready is told by its shim, in order with all else of the run.

import { setTimeout as sleep } from "node:timers/promises";
import type { Ready } from "@longwire/shared/api/supervision-requests.ts";
import { backoffMs } from "@longwire/shared/backoff.ts";
import { defaultGraceMs } from "@longwire/shared/limits.ts";
import { findLine } from "./find-line.ts";
import type { FollowedRun } from "./followed-run.ts";
import { probeCommand, probeHttp, probePort } from "./readiness-probes.ts";

const looks = { minMs: 50, maxMs: 1000 };

export interface ReadinessWatch {
  readonly run: FollowedRun;
  readonly ready: Ready;
  /** Milliseconds since 1970, as `now`. */
  readonly begunAt: number;
  /** Of the run. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly now: () => number;
}

export async function watchReadiness(watch: ReadinessWatch): Promise<void> {
  const { run, ready, begunAt, now } = watch;
  // What it prints before it is searched is to stay there.
  const reading = run.readings.open(ready.pattern === undefined ? Infinity : 1);
  try {
    await run.begun;
    if (run.isReady) return;
    const endsAt = ready.timeout_ms === undefined ? Infinity : begunAt + ready.timeout_ms;
    const detail =
      ready.pattern === undefined
        ? await probeUntil(watch, endsAt)
        : await findLine(run, reading, ready.pattern, endsAt, now);
    if (detail !== null) {
      await run.ask({ type: "ready", detail });
      run.isReady = true;
    } else if (run.isFollowed) {
      await run.stop({ signal: "SIGINT", graceMs: defaultGraceMs, reason: "timeout" });
    }
  } finally {
    run.readings.close(reading);
  }
}

/** What shows that the run is ready; null where nothing does before `endsAt`, or no more of the run is told. */
async function probeUntil(watch: ReadinessWatch, endsAt: number): Promise<string | null> {
  const { run, now } = watch;
  const over = new AbortController();
  void run.over.then(() => over.abort());
  for (let failures = 0; run.isFollowed; failures++) {
    const detail = await probe(watch, over.signal);
    if (detail !== null || now() >= endsAt) return detail;
    const waitMs = Math.min(backoffMs(failures, Math.random(), looks), endsAt - now());
    await sleep(Math.max(waitMs, 1), null, { signal: over.signal, ref: false }).catch(() => null);
  }
  return null;
}

/** In words what shows that the run is ready; null where nothing does. */
async function probe({ run, ready, environment, cwd }: ReadinessWatch, signal: AbortSignal): Promise<string | null> {
  if (ready.port !== undefined) return probePort(run.folder, run.spec.marker, ready.port);
  if (ready.http !== undefined) return await probeHttp(ready.http, ready.status, signal);
  if (ready.command !== undefined) return await probeCommand(ready.command, { cwd, environment, signal });
  return null;
}

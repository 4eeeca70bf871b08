// The spec and the environment of a run that is about to begin, from what its start asked.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { defaultCols, defaultRows, segmentBytes, spoolBytes } from "@longwire/shared/limits.ts";
import type { RunLabel } from "@longwire/shared/wire/facts.ts";
import { buildEnvironment } from "../admit/environment.ts";
import { runSpecVersion, type RunSpec } from "../shim/run-spec.ts";
import type { KeptStart } from "./kept-start.ts";
import { newSpoolId } from "./own-spool.ts";
import type { RunSecrets } from "./run-folder.ts";
import type { StartSettings } from "./start-settings.ts";

/** What a run is called and what it runs. */
export function labelOf({ request, cwd }: Pick<KeptStart, "request" | "cwd">): RunLabel {
  const { name, command, argv, tags, tty = false } = request;
  return {
    ...(name === undefined ? {} : { name }),
    ...(command === undefined ? {} : { command }),
    ...(argv === undefined ? {} : { argv }),
    cwd,
    tags: tags ?? [],
    tty,
  };
}

export function secretsOf(settings: StartSettings, { request }: KeptStart): RunSecrets {
  const environment = buildEnvironment(settings.environment, request.env ?? {}, request.tty === true);
  return { environment, input: request.stdin };
}

export function specOf(settings: StartSettings, kept: KeptStart): RunSpec {
  const { process, run, command_id, request, restarts } = kept;
  const { tty = false, merge, keep_background, cols = defaultCols, rows = defaultRows } = request;
  return {
    version: runSpecVersion,
    process,
    run,
    spool: newSpoolId(),
    command_id,
    label: labelOf(kept),
    ...(restarts === 0 ? {} : { restarts }),
    ...(tty && settings.terminal !== null ? { terminal: { cols, rows, ...settings.terminal } } : {}),
    ...(merge === undefined ? {} : { merge }),
    ...(keep_background === undefined ? {} : { keep_background }),
    ...(request.limits === undefined ? {} : { limits: request.limits }),
    marker: randomBytes(16).toString("hex"),
    boot: settings.boot,
    lease_ms: request.lease_ms === undefined ? settings.leaseMs : request.lease_ms,
    socket: join(settings.socketFolder, randomBytes(6).toString("hex")),
    spool_bytes: settings.spoolBytes ?? spoolBytes,
    segment_bytes: settings.segmentBytes ?? segmentBytes,
  };
}

// The spec of a run that is about to begin and what its shim is told beside, from what its start asked.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { defaultCols, defaultRows, segmentBytes } from "@longwire/shared/limits.ts";
import type { RunLabel } from "@longwire/shared/wire/facts.ts";
import { fileOf } from "../admit/policy.ts";
import { buildEnvironment } from "../admit/environment.ts";
import { gatherSecrets } from "../redact/gather-secrets.ts";
import type { Secrets } from "../redact/needles.ts";
import { redactLabel } from "../redact/redact-fact.ts";
import { Redaction } from "../redact/redaction.ts";
import type { BoundFiles } from "../shim/file-identity.ts";
import type { ChildSecrets, RunSecrets } from "../shim/run-secrets.ts";
import { runSpecVersion, type RunSpec } from "../shim/run-spec.ts";
import type { KeptStart } from "./kept-start.ts";
import { newSpoolId } from "./own-spool.ts";
import type { StartSettings } from "./start-settings.ts";

/** What a run is called and what it runs. */
export function labelOf({ asked, request, cwd }: Pick<KeptStart, "asked" | "request" | "cwd">): RunLabel {
  const use = asked?.use;
  const { name, command, argv, tags, tty = false } = request;
  return {
    ...(name === undefined ? {} : { name }),
    ...(command === undefined ? {} : { command }),
    ...(argv === undefined ? {} : { argv }),
    ...(use === undefined ? {} : { use }),
    cwd,
    tags: tags ?? [],
    tty,
    ...(request.ready === undefined ? {} : { awaits_ready: true }),
  };
}

export function secretsOf(settings: StartSettings, { request }: Pick<KeptStart, "request">): ChildSecrets {
  const { env } = fileOf(settings.policy.current());
  const environment = buildEnvironment(settings.environment, request.env ?? {}, request.tty === true, env.remove);
  return { environment, input: request.stdin };
}

/** What is masked in all that is told of the run, by what stands now in the policy, the environment and its folder. */
export function maskedOf(settings: StartSettings, kept: Pick<KeptStart, "request" | "cwd">): Secrets {
  const { redact } = fileOf(settings.policy.current());
  return gatherSecrets([secretsOf(settings, kept).environment, settings.environment], kept.cwd, redact);
}

/** `bound`: what its owner approved it with; null where it needed no approval. */
export interface Outfit {
  readonly given: ChildSecrets;
  readonly bound: BoundFiles | null;
}

export interface PlannedRun {
  readonly spec: RunSpec;
  /** These never lie on the disk. */
  readonly secrets: RunSecrets;
}

export function planRun(settings: StartSettings, kept: KeptStart, now: number, { given, bound }: Outfit): PlannedRun {
  const secrets = maskedOf(settings, kept);
  const redaction = new Redaction(secrets);
  const spec = specOf(settings, kept, now, bound);
  const shown = redactLabel(spec.label, (text) => redaction.text(text));
  return { spec: { ...spec, shown }, secrets: { ...given, secrets } };
}

function specOf(settings: StartSettings, kept: KeptStart, now: number, bound: BoundFiles | null): RunSpec {
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
    ...(request.ready === undefined ? {} : { ready: request.ready, begun_at: now }),
    ...(request.limits === undefined ? {} : { limits: request.limits }),
    ...(bound === null ? {} : { bound }),
    marker: randomBytes(16).toString("hex"),
    boot: settings.boot,
    lease_ms: request.lease_ms === undefined ? settings.leaseMs : request.lease_ms,
    socket: join(settings.socketFolder, randomBytes(6).toString("hex")),
    spool_bytes: settings.spoolBytes,
    segment_bytes: settings.segmentBytes ?? segmentBytes,
  };
}

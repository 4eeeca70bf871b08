// Carries a start out: may it run, where, under which id; then a folder, a shim, and a word on how it went.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId } from "@longwire/shared/ids.ts";
import { defaultCols, defaultRows, segmentBytes, spoolBytes } from "@longwire/shared/limits.ts";
import { buildEnvironment } from "../admit/environment.ts";
import { findUnsupported } from "../admit/unsupported.ts";
import { judgeStart, type Policy } from "../admit/policy.ts";
import { findWorkingFolder } from "../admit/working-folder.ts";
import { runSpecVersion, type RunSpec } from "../shim/run-spec.ts";
import type { FollowedRun } from "./followed-run.ts";
import { newSpoolId } from "./own-spool.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { RegisteredProcess } from "./process-register.ts";
import type { TerminalCode } from "./install-terminal.ts";
import { readShimLog, type RunSecrets } from "./run-folder.ts";

/** A shim that has not claimed its run by then is given up. It needs about 30 ms. */
const shimStartMs = 5000;

/** What does not change while the runner runs. */
export interface StartSettings {
  readonly policy: Policy;
  /** Where commands run unless they say otherwise; absolute. */
  readonly cwd: string;
  /** The runner's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly leaseMs: number | null;
  readonly maxLive: number;
  readonly spoolBytes?: number;
  readonly machineSpoolBytes?: number;
  readonly segmentBytes?: number;
  readonly socketFolder: string;
  readonly boot: string;
  /** Null: no terminals on this system. */
  readonly terminal: TerminalCode | null;
}

/** What a start needs of the runs there are. */
export interface StartContext {
  readonly settings: StartSettings;
  readonly liveRuns: () => readonly FollowedRun[];
  /** Whether what is not delivered yet leaves no room for another run's output. */
  readonly areSpoolsFull: () => boolean;
  /** Gives a process id (or that of the ended process of this name) and a run number. */
  readonly register: (name: string | undefined) => RegisteredProcess;
  /** Makes the folder, launches the shim and follows it. Null: the system has no room for it, and nothing is left. */
  readonly launch: (spec: RunSpec, secrets: RunSecrets) => FollowedRun | null;
}

export async function carryOutStart(context: StartContext, id: CommandId, request: StartRequest): Promise<Outcome> {
  const { settings } = context;
  const verdict = judgeStart(settings.policy, request);
  if (verdict.type === "denied") return refused(verdict.refusal);
  const unsupported = findUnsupported(request);
  if (unsupported !== null) return refused(unsupported);
  if (request.tty === true && settings.terminal === null) return refused(noTerminals);
  const folder = findWorkingFolder(request.cwd, settings.cwd);
  if (folder.type === "refused") return refused(folder.refusal);
  const hindrance = findHindrance(context.liveRuns(), request.name, settings.maxLive);
  if (hindrance !== null) return refused(hindrance);
  if (context.areSpoolsFull()) return refused(spoolsFull);
  const registered = context.register(request.name);
  const spec = specOf(settings, id, request, folder.cwd, registered);
  const run = context.launch(spec, { environment: childEnvironment(settings, request), input: request.stdin });
  if (run === null) return refused(noRoom);
  return await describeStart(run);
}

const spoolsFull: Refusal = {
  code: "spool_full",
  detail: "The machine holds as much output that is not delivered yet as it may. Nothing was started.",
  hint: "It goes as the control plane takes it: try again later, or stop what prints so much.",
};

const noRoom: Refusal = {
  code: "limit_reached",
  detail: "The machine has no room for another process.",
};

const noTerminals: Refusal = {
  code: "invalid_request",
  detail: "This machine's runner has no terminals: its system has no code for them.",
  errors: [{ path: "tty", message: "is not possible on this machine" }],
  hint: "Start it without `tty`; `capabilities.tty` of a machine says whether it has terminals.",
};

/** Why no process may be started now; null where one may. */
export function findHindrance(
  live: readonly Pick<FollowedRun, "process" | "spec">[],
  name: string | undefined,
  maxLive: number,
): Refusal | null {
  const holder = name === undefined ? undefined : live.find((run) => run.spec.label.name === name);
  if (holder !== undefined) {
    return {
      code: "name_taken",
      detail: `${JSON.stringify(name)} is the name of ${holder.process}, which is not ended yet.`,
    };
  }
  if (live.length < maxLive) return null;
  return {
    code: "limit_reached",
    detail: `${live.length} processes live on this machine, which is the most it allows.`,
  };
}

function childEnvironment(settings: StartSettings, request: StartRequest): Record<string, string> {
  return buildEnvironment(settings.environment, request.env ?? {}, request.tty === true);
}

function specOf(
  settings: StartSettings,
  commandId: CommandId,
  request: StartRequest,
  cwd: string,
  { process, run }: RegisteredProcess,
): RunSpec {
  const { name, command, argv, tags, tty = false, merge, keep_background } = request;
  const { cols = defaultCols, rows = defaultRows } = request;
  return {
    version: runSpecVersion,
    process,
    run,
    spool: newSpoolId(),
    command_id: commandId,
    label: {
      ...(name === undefined ? {} : { name }),
      ...(command === undefined ? {} : { command }),
      ...(argv === undefined ? {} : { argv }),
      cwd,
      tags: tags ?? [],
      tty,
    },
    ...(tty && settings.terminal !== null ? { terminal: { cols, rows, ...settings.terminal } } : {}),
    ...(merge === undefined ? {} : { merge }),
    ...(keep_background === undefined ? {} : { keep_background }),
    marker: randomBytes(16).toString("hex"),
    boot: settings.boot,
    lease_ms: settings.leaseMs,
    socket: join(settings.socketFolder, randomBytes(6).toString("hex")),
    spool_bytes: settings.spoolBytes ?? spoolBytes,
    segment_bytes: settings.segmentBytes ?? segmentBytes,
  };
}

/** The outcome of a start whose folder exists, as soon as the run has begun or cannot begin any more. */
export async function describeStart(run: FollowedRun): Promise<Outcome> {
  const patience = new AbortController();
  const late = sleep(shimStartMs, "late", { signal: patience.signal, ref: false }).catch(() => "late");
  const first = await Promise.race([run.begun, late]);
  patience.abort();
  if (first === "late") run.cancel();
  const began = await run.begun;
  // A run whose first record is stored exists, in state failed at worst; nobody else would say what became of it.
  if (began || run.reader.next > 1) return done({ process: run.process, run: run.run });
  const log = readShimLog(run.folder);
  const detail = `The program that looks after the process did not start.${log === "" ? "" : ` It said: ${log}`}`;
  return refused({ code: "internal", detail, hint: "Nothing was started. Try again." });
}

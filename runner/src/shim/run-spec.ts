// What a run's folder says of the run, as the runner wrote it before it launched the shim.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandId, ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import type { Ready } from "@longwire/shared/api/supervision-requests.ts";
import type { RunLimitValues } from "@longwire/shared/run-limits.ts";
import type { RunLabel } from "@longwire/shared/wire/facts.ts";
import type { BoundFiles } from "./file-identity.ts";

/** Raised when a shim of one version could misread the folder of another. */
export const runSpecVersion = 1;

export interface TerminalSpec {
  readonly cols: number;
  readonly rows: number;
  /** The native part of node-pty, and the program it starts others by where it needs one; absolute paths. */
  readonly module: string;
  readonly helper: string;
}

export interface RunSpec {
  readonly version: typeof runSpecVersion;
  readonly process: ProcessId;
  readonly run: number;
  readonly spool: SpoolId;
  readonly command_id: CommandId;
  /** Also what is run: exactly one of its `command` and `argv` is there. */
  readonly label: RunLabel;
  /** The label as it is told, where something of it is masked. */
  readonly shown?: RunLabel;
  /** How often a restart policy began the process again before this run; absent: never. */
  readonly restarts?: number;
  /** When it is ready, and when it began (milliseconds since 1970), from which its patience counts. */
  readonly ready?: Ready;
  readonly begun_at?: number;
  /** What it may use before it is ended. */
  readonly limits?: RunLimitValues;
  /** What was there when its owner approved it; the run is refused where another thing is. */
  readonly bound?: BoundFiles;
  /** Random; every process of the run has it in its environment. */
  readonly marker: string;
  /** Names the boot of the machine the run began in. */
  readonly boot: string;
  /** Waking time without a runner after which the run is ended; null never, 0 at once. */
  readonly lease_ms: number | null;
  /** The control socket's path. At most 103 bytes, the limit of macOS. */
  readonly socket: string;
  /** Absent: it has pipes. */
  readonly terminal?: TerminalSpec;
  /** Both streams on one descriptor. */
  readonly merge?: boolean;
  /** What it leaves in the background is left alone. */
  readonly keep_background?: boolean;
  readonly spool_bytes: number;
  readonly segment_bytes: number;
}

/** Files of a run's folder beside its segments. */
export const runFiles = {
  spec: "spec.json",
  claim: "claim",
  shim: "shim.json",
  /** What a crashing shim wrote to its standard error. */
  shimLog: "shim.log",
} as const;

/** The spec in `folder`; null where it is missing or of a version that is not understood here. */
export function readRunSpec(folder: string): RunSpec | null {
  try {
    const spec = JSON.parse(readFileSync(join(folder, runFiles.spec), "utf8")) as Partial<RunSpec>;
    return spec.version === runSpecVersion && typeof spec.spool === "string" ? (spec as RunSpec) : null;
  } catch {
    return null;
  }
}

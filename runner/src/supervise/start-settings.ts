// What the runner and its owner say about every start. What stands in the policy file changes with the file.

import type { PolicySource } from "../admit/policy.ts";
import type { TerminalCode } from "./install-terminal.ts";

export interface StartSettings {
  readonly policy: PolicySource;
  /** Where commands run unless they say otherwise; absolute. */
  readonly cwd: string;
  /** The runner's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly leaseMs: number | null;
  readonly maxLive: number;
  readonly spoolBytes: number;
  readonly machineSpoolBytes?: number;
  readonly segmentBytes?: number;
  readonly socketFolder: string;
  readonly boot: string;
  /** Null: no terminals on this system. */
  readonly terminal: TerminalCode | null;
}

// What a runner is opened with, and what that says about starts. What the owner's policy file says counts before it.

import { defaultLeaseMs, maxLiveProcesses, spoolBytes as defaultSpoolBytes } from "@longwire/shared/limits.ts";
import { fileOf, type PolicySource } from "../admit/policy.ts";
import type { PolicyFile } from "../admit/policy-schema.ts";
import type { LocalOwner } from "../approve/approval-desk.ts";
import type { StartSettings } from "./start-settings.ts";

export interface SupervisorOptions {
  readonly dataFolder: string;
  readonly policy: PolicySource;
  /** The owner on this machine; nobody by default. */
  readonly owner?: LocalOwner;
  /** Where commands run unless they say otherwise; absolute. */
  readonly cwd: string;
  /** For people: what went wrong beside the way. */
  readonly log?: (text: string) => void;
  /** The shim as one file; beside the built program by default. */
  readonly shimSource?: string;
  /** The environment children get, before what callers add; this process's own by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** How long runs outlive a runner, in waking time; null for ever. */
  readonly leaseMs?: number | null;
  readonly maxLive?: number;
  readonly spoolBytes?: number;
  readonly machineSpoolBytes?: number;
  readonly segmentBytes?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Milliseconds of a clock that goes on while the machine sleeps and that nobody sets; the system's by default. */
  readonly uptimeMs?: () => number;
}

/** No owner is there to be asked. */
export const nobody: LocalOwner = { isReachable: () => false, remember: () => {} };

/** What the runner finds out about its machine. */
type MachineFacts = Pick<StartSettings, "environment" | "socketFolder" | "boot" | "terminal">;

export function settingsOf(options: SupervisorOptions, machine: MachineFacts): StartSettings {
  const { policy, cwd, machineSpoolBytes, segmentBytes } = options;
  const { leaseMs = defaultLeaseMs, maxLive = maxLiveProcesses, spoolBytes = defaultSpoolBytes } = options;
  const owners = (): PolicyFile => fileOf(policy.current());
  return {
    ...machine,
    policy,
    cwd,
    ...(machineSpoolBytes === undefined ? {} : { machineSpoolBytes }),
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
    get leaseMs(): number | null {
      const { lease_ms = leaseMs } = owners();
      return lease_ms;
    },
    get maxLive(): number {
      return owners().limits.processes ?? maxLive;
    },
    get spoolBytes(): number {
      return owners().spool_bytes ?? spoolBytes;
    },
  };
}

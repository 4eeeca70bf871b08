// What a runner is opened with.

import type { Policy } from "../admit/policy.ts";
import type { StartSettings } from "./start-settings.ts";

export interface SupervisorOptions {
  readonly dataFolder: string;
  readonly policy: Policy;
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
}

/** The sizes that were given. */
export function pickSizes({
  spoolBytes,
  machineSpoolBytes,
  segmentBytes,
}: SupervisorOptions): Pick<StartSettings, "spoolBytes" | "machineSpoolBytes" | "segmentBytes"> {
  return {
    ...(spoolBytes === undefined ? {} : { spoolBytes }),
    ...(machineSpoolBytes === undefined ? {} : { machineSpoolBytes }),
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  };
}

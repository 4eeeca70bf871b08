// Why a run ended that reached a limit. Apart from the limits' schema, which a shim has no room for.

import type { EndReason } from "./process-state.ts";
import type { RunLimit } from "./run-limits.ts";

export const limitReasons: Readonly<Record<RunLimit, EndReason>> = {
  run_ms: "timeout",
  idle_ms: "idle_timeout",
  memory_bytes: "memory",
  cpu_ms: "cpu",
  open_files: "open_files",
  output_bytes: "output",
};

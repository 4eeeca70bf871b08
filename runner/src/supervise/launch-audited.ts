// A launch with what the audit says of it: what is about to run, before it does, and the process it became.

import { startedFactSchema } from "@longwire/shared/wire/facts.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import type { FollowedRun } from "./followed-run.ts";
import type { RunSecrets } from "../shim/run-secrets.ts";
import type { RunnerAudit } from "./runner-audit.ts";

/** A run's first facts: what it is, and that it was started. */
const firstRecords = 3;
const firstBytes = 256 * 1024;

export function launchAudited(
  audit: RunnerAudit,
  spec: RunSpec,
  secrets: RunSecrets,
  launch: () => FollowedRun | null,
): FollowedRun | null {
  const { process, run: number, command_id: id } = spec;
  audit.spawning(spec, secrets);
  const run = launch();
  if (run === null) audit.spawned(process, number, id, null);
  else void run.begun.then(() => audit.spawned(process, number, id, findPid(run.folder)));
  return run;
}

/** The pid of a run's first process, as its shim recorded it; null where none was started. */
function findPid(folder: string): number | null {
  try {
    const reader = new SpoolReader(folder);
    try {
      for (const { header } of reader.read(reader.first, firstBytes, firstRecords)) {
        const started = startedFactSchema.safeParse(parseJson(header));
        if (started.success) return started.data.pid;
      }
    } finally {
      reader.close();
    }
  } catch {
    // The run is over and gone: what it was stands in the log.
  }
  return null;
}

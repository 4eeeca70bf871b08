// What a followed run needs of the runner, and whom it tells.

import type { RunFact } from "@longwire/shared/wire/facts.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import type { FollowedRun } from "./followed-run.ts";

export interface FollowedRunOptions {
  readonly folder: string;
  readonly spec: RunSpec;
  /** Names the machine's present boot. */
  readonly boot: string;
  readonly now: () => number;
  readonly log: (text: string) => void;
  /** Puts a fact that no shim can tell into the runner's own spool. */
  readonly tell: (fact: RunFact) => void;
  /** There may be something new to read. */
  readonly onAppend: (bytes: number) => void;
  /** Nothing more comes of the run, and all it told is acknowledged. `owed`: what the runner has to say of it. */
  readonly onDrained: (run: FollowedRun, owed: readonly RunFact[]) => void;
}

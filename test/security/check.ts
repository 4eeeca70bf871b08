// What a check is, and what came of one.

import { Probe } from "./probe.ts";
import type { Target } from "./target.ts";

export interface Check {
  /** `S1`…: rows of one list, which docs/security-checks.md explains. */
  readonly id: string;
  readonly title: string;
  /** `inside`: needs the folders and processes of the target; `other`: needs a second workspace. */
  readonly needs?: "inside" | "other";
  readonly run: (probe: Probe) => Promise<void>;
}

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly outcome: "pass" | "FAIL" | "not from here";
  readonly asked: number;
  readonly wrongs: readonly string[];
}

/** Makes one check. An exception is a failure like any other. */
export async function runCheck(check: Check, target: Target): Promise<Result> {
  const { id, title } = check;
  const lacks =
    (check.needs === "inside" && target.inside === null) || (check.needs === "other" && target.other === null);
  if (lacks) return { id, title, outcome: "not from here", asked: 0, wrongs: [] };
  const probe = new Probe(target);
  await check
    .run(probe)
    .catch((error: unknown) =>
      probe.wrongs.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  if (probe.asked === 0) probe.wrongs.push("it looked at nothing");
  return { id, title, outcome: probe.wrongs.length === 0 ? "pass" : "FAIL", asked: probe.asked, wrongs: probe.wrongs };
}

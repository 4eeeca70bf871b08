import { expect, test } from "vitest";
import { judgeRun, type RunTraces, type RunVerdict } from "./run-verdict.ts";

const facts = [null, "starting", "started", "output", "stopping", "exited", "failed"] as const;
const same = (verdict: RunVerdict): Record<string, RunVerdict> =>
  Object.fromEntries(facts.map((fact) => [String(fact), verdict]));

const gone: Record<string, RunVerdict> = { ...same("lost"), exited: "ended", failed: "ended" };

// Every claim × shim × last record.
const table: Record<string, Record<string, RunVerdict>> = {
  "nobody, dead": same("cancel"),
  "nobody, alive": same("cancel"),
  "runner, dead": { ...gone, null: "void", starting: "cancelled" },
  "runner, alive": { ...gone, null: "void", starting: "cancelled" },
  "shim, alive": same("adopt"),
  "shim, dead": gone,
};

test("[C3] [P13] [P15] what a run's folder shows decides what becomes of the run", () => {
  for (const claimedBy of [null, "runner", "shim"] as const) {
    for (const shimAlive of [true, false]) {
      const row = `${claimedBy ?? "nobody"}, ${shimAlive ? "alive" : "dead"}`;
      const verdicts = facts.map((lastFact) => [
        String(lastFact),
        judgeRun({ claimedBy, shimAlive, lastFact } satisfies RunTraces),
      ]);
      expect([row, Object.fromEntries(verdicts)]).toEqual([row, table[row]]);
    }
  }
});

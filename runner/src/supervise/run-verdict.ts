// What to make of a run as its folder shows it: after a crash of the runner, of the shim, or of the machine.
//
//   claim    shim    last record   verdict
//   nobody   -       -             cancel    take the claim, then judge again
//   runner   -       none          void      nothing was started and nobody was told of it
//   runner   -       starting      cancelled failed: nothing was started
//   shim     alive   -             adopt
//   shim     dead    exited|failed ended
//   shim     dead    anything else lost      its processes may live: end them, then say that nobody saw how it ended

import type { Fact } from "@longwire/shared/wire/facts.ts";

export interface RunTraces {
  readonly claimedBy: "shim" | "runner" | null;
  readonly shimAlive: boolean;
  readonly lastFact: Fact["type"] | null;
}

export type RunVerdict = "cancel" | "void" | "cancelled" | "adopt" | "ended" | "lost";

export function judgeRun({ claimedBy, shimAlive, lastFact }: RunTraces): RunVerdict {
  if (claimedBy === null) return "cancel";
  if (claimedBy === "runner") return lastFact === null ? "void" : "cancelled";
  if (shimAlive) return "adopt";
  return lastFact === "exited" || lastFact === "failed" ? "ended" : "lost";
}

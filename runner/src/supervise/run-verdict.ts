// What to make of a run as its folder shows it: after a crash of the runner, of the shim, or of the machine.
//
//   claim    shim    last record   verdict
//   nobody   -       -             cancel    take the claim, then judge again
//   runner   -       none          void      nothing was started and nobody was told of it
//   runner   -       starting      cancelled failed: nothing was started
//   runner   -       anything else as of a dead shim: a power cut took its claim
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
  if (claimedBy === "runner" && lastFact === null) return "void";
  if (claimedBy === "runner" && lastFact === "starting") return "cancelled";
  if (claimedBy === "shim" && shimAlive) return "adopt";
  return lastFact === "exited" || lastFact === "failed" ? "ended" : "lost";
}

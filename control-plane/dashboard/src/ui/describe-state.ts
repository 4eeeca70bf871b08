// What is said of a run's state. Pure.

import type { Process } from "@longwire/shared/api/views.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";

export type Tone = "good" | "busy" | "waiting" | "bad" | "over";

export interface StateWords {
  readonly word: string;
  readonly tone: Tone;
  /** The whole of it. */
  readonly note: string;
}

type Told = Pick<Process, "state" | "waiting_for" | "ready" | "returncode" | "signal" | "reason" | "detail">;

const waits = {
  queue: "in the queue for its turn",
  delay: "for its time",
  needs: "for what it needs",
  approval: "for the owner's approval",
  restart: "to begin again",
} as const;

export function describeState(process: Told): StateWords {
  const { state, ready, detail = "" } = process;
  switch (state) {
    case "running":
      if (ready === null) return { word: "running", tone: "good", note: "It runs." };
      return ready
        ? { word: "ready", tone: "good", note: "It runs and is ready." }
        : { word: "not ready yet", tone: "busy", note: "It runs; what was named as being ready does not hold yet." };
    case "starting":
    case "stopping":
      return { word: state, tone: "busy", note: detail };
    case "paused":
      return { word: state, tone: "waiting", note: "Its whole tree is halted." };
    case "pending": {
      const word = process.waiting_for === "approval" ? "asks" : "waiting";
      const note = `Waits ${process.waiting_for === undefined ? "" : waits[process.waiting_for]}. ${detail}`.trim();
      return { word, tone: "waiting", note };
    }
    case "lost":
      return { word: state, tone: "bad", note: "Nobody can say yet what became of it." };
    case "failed":
      return {
        word: process.reason === "denied" ? "denied" : "failed",
        tone: "bad",
        note: detail === "" ? "It could not begin." : detail,
      };
    case "exited":
      return describeEnd(process);
    default:
      return unreachable(state);
  }
}

/** Whether the word leaves open why: what became of it is then told beside its output, too. */
export function needsWords({ state, waiting_for: waiting, reason }: Told): boolean {
  if (state === "pending") return waiting !== "approval";
  if (state === "exited") return reason !== "exit" && reason !== "signal" && reason !== "stopped";
  return state === "failed" || state === "lost";
}

function describeEnd({ returncode, signal, reason, detail = "" }: Told): StateWords {
  if (reason === "stopped") return { word: "stopped", tone: "over", note: `It was stopped. ${detail}`.trim() };
  if (reason === "exit") {
    const tone = returncode === 0 ? "over" : "bad";
    return {
      word: `exit ${returncode ?? "?"}`,
      tone,
      note: `It ended by itself with code ${returncode ?? "unknown"}.`,
    };
  }
  const word = signal !== null && reason === "signal" ? signal : (reason ?? "ended").replaceAll("_", " ");
  return { word, tone: "bad", note: `It ended: ${word}. ${detail}`.trim() };
}

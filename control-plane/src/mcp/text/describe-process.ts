// A process in one line, as it is now.

import type { Process } from "@longwire/shared/api/views.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import { showInLine } from "./show-safely.ts";

/** `web (p3)`, or its id alone. */
export function labelOf({ name, process_id: id }: Pick<Process, "name" | "process_id">): string {
  return name === null ? id : `${name} (${id})`;
}

/** What to call it by. */
export function referenceOf({ name, process_id: id }: Pick<Process, "name" | "process_id">): string {
  return name ?? id;
}

/** Name, state, run, pid and time: `web (p3) exited with code 1 · run 2 · 12.4 s`. */
export function describeProcess(process: Process, now: number): string {
  const { run, pid, started_at: startedAt, ended_at: endedAt } = process;
  const isLive = endedAt === null;
  return [
    `${labelOf(process)} ${describeState(process)}`,
    `run ${run}`,
    ...(isLive && pid !== null ? [`pid ${pid}`] : []),
    ...(startedAt === null ? [] : [describeTime((isLive ? now : Date.parse(endedAt)) - Date.parse(startedAt))]),
  ].join(" · ");
}

/** As a person says it: `12.4 s`, `12 min`, `3 h 12 min`. */
export function describeTime(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const maxDetail = 300;

export function describeState(process: Process): string {
  const { state, waiting_for: waitingFor, ready, reason, detail } = process;
  const because = detail === undefined ? "" : `: ${showInLine(detail, maxDetail)}`;
  switch (state) {
    case "pending":
      return waitingFor === "approval"
        ? "pending: the machine's owner is asked whether it may run"
        : `pending (${waitingFor ?? "its turn"})${because}`;
    case "starting":
    case "paused":
    case "stopping":
      return state;
    case "running":
      return ready === null ? state : `${state}, ${ready ? "ready" : "not ready yet"}`;
    case "exited":
      return describeEnd(process);
    case "failed":
      return `failed${reason === null ? "" : ` (${reason})`}${because}`;
    case "lost":
      return "lost: the machine has not said yet what became of it";
    default:
      return unreachable(state);
  }
}

function describeEnd({ returncode, signal, reason }: Process): string {
  const why = reason === null || reason === "exit" || reason === "signal" ? "" : ` (${reason})`;
  if (returncode !== null) return `exited with code ${returncode}${why}`;
  return signal === null ? `ended, nobody saw its code${why}` : `ended by ${signal}${why}`;
}

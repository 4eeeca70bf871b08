// Processes in words and as a table. Pure; whoever prints takes care of what steers a terminal.

import type { Event, Process, StopAnswer } from "@longwire/shared/api/views.ts";
import { displayCommand } from "@longwire/shared/display-command.ts";

/** Such as `web (p3)`. */
export function sayName({ name, process_id: id }: Pick<Process, "name" | "process_id">): string {
  return name === null ? id : `${name} (${id})`;
}

/** The state, with what one wants to know next. */
export function sayState(process: Process): string {
  const { state, ready, waiting_for: waitsFor, returncode, signal, reason } = process;
  if (state === "pending") return waitsFor === undefined ? state : `${state}: ${waitsFor}`;
  if (state === "running") return ready === true ? "running, ready" : state;
  if (state !== "exited" && state !== "failed") return state;
  const how = returncode === null ? signal : String(returncode);
  const why = reason === "exit" || reason === "signal" ? null : reason;
  return [state, how, why === null ? null : `(${why})`].filter((one) => one !== null).join(" ");
}

/** Why a pending run has not begun. */
export function sayPending({ waiting_for: waitsFor, detail }: Pick<Event, "waiting_for" | "detail">): string {
  if (waitsFor === "approval") return "waits for the machine's owner: `runner approvals` there shows it";
  return `is pending${waitsFor === undefined ? "" : ` for ${waitsFor}`}${detail === undefined ? "" : `: ${detail}`}`;
}

/** Who is left after a stop. */
export function saySurvivors(called: string, survivors: StopAnswer["survivors"]): string {
  const each = survivors.map(({ pid, command, ports }) => {
    return `${pid} ${command}${ports.length === 0 ? "" : ` (port ${ports.join(", ")})`}`;
  });
  return `runner: ${called} is not stopped: ${each.length === 0 ? "it does not end" : `left are ${each.join("; ")}`}.`;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** Such as `5m`: the largest unit that fits. */
export function sayAge(ms: number): string {
  const [unit, size] = units.find(([, one]) => ms >= one) ?? ["s", 1000];
  return `${Math.max(0, Math.floor(ms / size))}${unit}`;
}

/** A row of `ps`. `now` is in milliseconds. */
export function rowOf(process: Process, now: number): readonly string[] {
  const { process_id: id, name, run, pid, started_at: begun, ended_at: ended } = process;
  const at = ended ?? begun;
  const since = at === null ? "" : `${sayAge(now - Date.parse(at))}${ended === null ? "" : " ago"}`;
  return [id, name ?? "", sayState(process), String(run), pid === null ? "" : String(pid), since, commandOf(process)];
}

export const headings = ["ID", "NAME", "STATE", "RUN", "PID", "SINCE", "COMMAND"] as const;

function commandOf({ command, argv, use }: Process): string {
  const line = displayCommand({ ...(command === undefined ? {} : { command }), ...(argv && { argv }) });
  return line === "" && use !== undefined ? `use ${use}` : line;
}

/** Rows as lines, each column as wide as its widest cell, and no line longer than `width`. */
export function alignRows(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
    return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
  });
}

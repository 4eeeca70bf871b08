// `runner policy show`: the policy as the runner understands it.

import { defaultLeaseMs, maxLiveProcesses, spoolBytes } from "@longwire/shared/limits.ts";
import { folderOf } from "../admit/named-command.ts";
import type { NamedCommand, PolicyFile } from "../admit/policy-schema.ts";
import { plain, sayCommand, sayRows } from "./say.ts";

const modes = {
  named: "only the commands below",
  ask: "the commands below, and what you approve",
  open: "whatever is asked for",
} as const;

export function sayPolicy(path: string, isThere: boolean, file: PolicyFile): string {
  const { allow, remove } = file.env;
  const list = (names: readonly string[] | undefined): string => (names?.length ? names.join(", ") : "none");
  const lease = file.lease_ms === undefined ? defaultLeaseMs : file.lease_ms;
  const rows: [string, string][] = [
    ["File", isThere ? path : `none at ${path}`],
    ["Mode", `${file.mode}: ${modes[file.mode]}`],
    ["Roots", ""],
    ...Object.entries(file.roots).map(([name, folder]) => [`  ${name}`, folder] as [string, string]),
    ["Commands", ""],
    ...Object.entries(file.commands).flatMap(([name, command]) => sayNamed(file, name, command)),
    [
      "Asked in",
      file.mode === "ask"
        ? file.approve.length === 0
          ? "no place: what is not named is refused"
          : file.approve.join(", ")
        : "no place: nothing is asked in this mode",
    ],
    ["Always", file.always.length === 0 ? "none" : ""],
    ...file.always.flatMap((exact): [string, string][] => [
      ["", sayCommand(exact)],
      ["", `in ${exact.cwd}`],
    ]),
    ["Callers set", allow === undefined ? "none for named commands, any for others" : list(allow)],
    ["Removed", list(remove)],
    ["Processes", `at most ${file.limits.processes ?? maxLiveProcesses} at a time`],
    ["Lease", lease === null ? "none: what runs outlives the runner for ever" : `${lease} ms without a runner`],
    ["Spool", `${file.spool_bytes ?? spoolBytes} bytes a run`],
    ["Masks", sayRedact(file)],
  ];
  const filled = rows.map(([label, text]): [string, string] => [label, plain(text)]);
  return sayRows(Object.keys(file.roots).length === 0 ? filled.filter(([label]) => label !== "Roots") : filled, 0);
}

/** Never the values themselves. */
function sayRedact({ redact }: PolicyFile): string {
  const values = redact?.values.length ?? 0;
  const patterns = redact?.patterns.length ?? 0;
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  return `what looks secret, and ${count(values, "value")} and ${count(patterns, "pattern")} of yours`;
}

function sayNamed(file: PolicyFile, name: string, command: NamedCommand): [string, string][] {
  const params = Object.entries(command.params).map(([param, { type, required }]) => {
    return `${param} (${type}${required === true ? ", required" : ""})`;
  });
  const needs = Object.entries(command.needs).map(([other, condition]) => `${other} ${condition}`);
  const more: [string, readonly string[]][] = [
    ["tags", command.tags ?? []],
    ["params", params],
    ["needs", needs],
    ["sets", Object.keys(command.env ?? {})],
    ["with", (["tty", "ready", "restart", "limits", "queue"] as const).filter((key) => command[key] !== undefined)],
  ];
  return [
    [`  ${name}`, sayCommand(command)],
    ["", `in ${folderOf(file, command)}`],
    ...more
      .filter(([, all]) => all.length > 0)
      .map(([label, all]) => ["", `${label} ${all.join(", ")}`] as [string, string]),
  ];
}

// All that is known of a run, in words and figures.

import type { ComponentChildren } from "preact";
import type { Process } from "@longwire/shared/api/views.ts";
import type { Usage } from "../live/usage.ts";
import { formatBytes, formatDuration, formatPercent, quoteArgument } from "../ui/format.ts";
import { describeState } from "../ui/describe-state.ts";
import { UsageChart } from "./usage-chart.tsx";

export function Facts({ process, usage }: { readonly process: Process; readonly usage: Usage | null }) {
  const facts: [string, ComponentChildren][] = [
    ["State", describeState(process).note],
    process.command === undefined
      ? ["Arguments", <code>{(process.argv ?? []).map(quoteArgument).join("\n")}</code>]
      : ["Command", <code>{process.command}</code>],
    ["Folder", <code>{process.cwd}</code>],
  ];
  if (process.use !== undefined) facts.push(["Named command", process.use]);
  if (process.pid !== null) facts.push(["Process id", String(process.pid)]);
  if (process.started_at !== null) facts.push(["Began", new Date(process.started_at).toLocaleString()]);
  if (process.ended_at !== null) facts.push(["Ended", new Date(process.ended_at).toLocaleString()]);
  if (process.tags.length > 0) facts.push(["Tags", process.tags.join(", ")]);
  facts.push(["Output", formatBytes(process.output_bytes)], ["Terminal", process.tty ? "yes" : "no"]);
  if (process.restarts > 0) facts.push(["Begun again by itself", `${process.restarts} times`]);
  if (usage !== null) facts.push(...describeUsage(usage));
  return (
    <div class="panel facts">
      {usage !== null && (
        <div class="charts">
          <UsageChart title="Processor" at={usage.at} values={usage.cpu} format={formatPercent} tone="cpu" />
          <UsageChart title="Memory" at={usage.at} values={usage.memory} format={formatBytes} tone="memory" />
        </div>
      )}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function describeUsage({ latest, ports }: Usage): [string, ComponentChildren][] {
  const list: [string, ComponentChildren][] = [
    ["Processor time", formatDuration(latest.cpu_user_ms + latest.cpu_system_ms)],
    ["Processes", String(latest.processes)],
  ];
  if (latest.open_handles !== null) list.push(["Open handles", String(latest.open_handles)]);
  if (latest.read_bytes !== null) list.push(["Read", formatBytes(latest.read_bytes)]);
  if (latest.written_bytes !== null) list.push(["Written", formatBytes(latest.written_bytes)]);
  for (const { port, address, command } of ports) {
    list.push([`Port ${port}`, `${address}, ${command}`]);
  }
  return list;
}

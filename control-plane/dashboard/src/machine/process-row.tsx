// One process in the list: what it is, how it does, what can be done.

import { hasEnded } from "@longwire/shared/process-state.ts";
import type { MachineStore, Row } from "../live/machine-store.ts";
import { nameOf } from "../process/acts.tsx";
import { PortLinks } from "../process/port-links.tsx";
import { ProcessActions } from "../process/process-actions.tsx";
import { formatRoute } from "../route.ts";
import { commandLine, formatBytes, formatPercent } from "../ui/format.ts";
import { Sparkline } from "../ui/sparkline.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Ago, Duration } from "../ui/times.tsx";

interface RowProps {
  readonly store: MachineStore;
  readonly row: Row;
  readonly onTag: (tag: string) => void;
}

const megabyte = 1024 * 1024;

export function ProcessRow({ store, row, onTag }: RowProps) {
  const process = row.process.value;
  const usage = row.usage.value?.run === process.run ? row.usage.value : null;
  const { name: machine } = store.machine.value;
  const href = formatRoute({ type: "process", machine, process: nameOf(process), run: null });
  return (
    <li class="process" data-state={process.state}>
      <div class="process-state">
        <StateBadge process={process} />
      </div>
      <div class="process-what">
        <a class="process-name" href={href}>
          {nameOf(process)}
        </a>
        <code class="process-command" title={commandLine(process)}>
          {commandLine(process)}
        </code>
      </div>
      <div class="process-tags">
        {process.tags.map((tag) => (
          <button
            key={tag}
            type="button"
            class="tag"
            aria-label={`Show the tag ${tag} only`}
            onClick={() => onTag(tag)}
          >
            {tag}
          </button>
        ))}
        {process.waiting_for === "approval" && (
          <a class="tag asking" href={formatRoute({ type: "approvals", machine })}>
            see what will run
          </a>
        )}
        {usage !== null && <PortLinks ports={usage.ports} machine={machine} />}
      </div>
      <div class="process-now">
        <div class="process-time">
          {process.started_at !== null && !hasEnded(process.state) && <Duration from={process.started_at} to={null} />}
          {process.ended_at !== null && <Ago at={process.ended_at} />}
          <span class="process-run" title="Which life of the process this is">
            run {process.run}
          </span>
        </div>
        <div class="process-figure" title="Processor time; 100% is one processor">
          {usage !== null && (
            <>
              <Sparkline values={usage.cpu} floor={10} tone="cpu" />
              <span class="figure">{formatPercent(usage.latest.cpu_percent)}</span>
            </>
          )}
        </div>
        <div class="process-figure" title="Resident memory">
          {usage !== null && (
            <>
              <Sparkline values={usage.memory} floor={8 * megabyte} tone="memory" />
              <span class="figure">{formatBytes(usage.latest.memory_bytes)}</span>
            </>
          )}
        </div>
      </div>
      <ProcessActions store={store} process={process} />
    </li>
  );
}

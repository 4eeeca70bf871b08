// The runs of a process, newest first, by pages.

import { useEffect, useState } from "preact/hooks";
import type { Process } from "@longwire/shared/api/views.ts";
import type { MachineStore } from "../live/machine-store.ts";
import { formatRoute } from "../route.ts";
import { formatBytes } from "../ui/format.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { Ago, Duration } from "../ui/times.tsx";
import { sayError } from "../ui/toasts.tsx";
import { nameOf } from "./acts.tsx";

const pageSize = 50;

export function Runs({ store, process }: { readonly store: MachineStore; readonly process: Process }) {
  const [runs, setRuns] = useState<readonly Process[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const load = async (cursor: string | null): Promise<void> => {
    const asked = cursor === null ? { limit: pageSize } : { limit: pageSize, cursor };
    const page = await store.client.runs(process.process_id, asked);
    setRuns((before) => (cursor === null ? page.items : [...before, ...page.items]));
    setNext(page.next_cursor);
  };
  useEffect(() => {
    load(null).catch((error: unknown) => sayError("The runs were not read", error));
  }, [process.process_id, process.run, process.state]);
  const machine = store.machine.value.name;
  return (
    <div class="panel">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">State</th>
            <th scope="col">Began</th>
            <th scope="col">Lasted</th>
            <th scope="col" class="number">
              Output
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.run}>
              <td>
                <a href={formatRoute({ type: "process", machine, process: nameOf(process), run: run.run })}>
                  run {run.run}
                </a>
              </td>
              <td>
                <StateBadge process={run} />
              </td>
              <td>{run.started_at === null ? "" : <Ago at={run.started_at} />}</td>
              <td>{run.started_at === null ? "" : <Duration from={run.started_at} to={run.ended_at} />}</td>
              <td class="number">{formatBytes(run.output_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {next !== null && (
        <button
          type="button"
          class="button more"
          onClick={() => void load(next).catch((error: unknown) => sayError("No more runs were read", error))}
        >
          Show more
        </button>
      )}
    </div>
  );
}

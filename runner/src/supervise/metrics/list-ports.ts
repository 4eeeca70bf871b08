// Who listens on which port, by run where it is a run's process. Of a stranger only the program's bare name is told: a
// command line may hold a secret, and nobody asked for that program to run here.

import type { ProcessId } from "@longwire/shared/ids.ts";
import type { SampledPort } from "@longwire/shared/wire/questions.ts";
import { findAllListeners, findListeners, type Listener } from "../../processes/listening-ports.ts";
import { readCommandLine, readProgramName, type ProcessRow } from "../../processes/process-table.ts";

const maxCommandChars = 500;

interface OwnedProcesses {
  readonly of: { readonly process: ProcessId; readonly run: number };
  readonly members: readonly ProcessRow[];
}

/** By port; of several processes of a run that share an address the first. `all`: also of processes that no run owns. */
export function listPorts(rows: readonly ProcessRow[], trees: readonly OwnedProcesses[], all: boolean): SampledPort[] {
  const owners = new Map(trees.flatMap(({ of, members }) => members.map(({ pid }) => [pid, of] as const)));
  const mine = [...owners.keys()];
  const pids = rows.map(({ pid }) => pid);
  const seen = new Set<string>();
  return (all ? findAllListeners(pids, mine) : findListeners(mine)).flatMap((listener) => {
    const owner = listener.pid === null ? undefined : owners.get(listener.pid);
    const key = `${listener.port} ${listener.address} ${owner?.process ?? listener.pid}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [describeListener(listener, owner)];
  });
}

function describeListener({ port, address, pid }: Listener, owner: OwnedProcesses["of"] | undefined): SampledPort {
  if (pid === null) return { port, address, pid, command: "" };
  if (owner === undefined) return { port, address, pid, command: readProgramName(pid) };
  const command = readCommandLine(pid).slice(0, maxCommandChars);
  return { port, address, pid, command, process: owner.process, run: owner.run };
}

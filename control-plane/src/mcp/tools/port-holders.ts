// Who listens on a port of a machine: what runs here, and what somebody else started.

import * as z from "zod";
import { portSchema, type Machine as MachineView, type Process } from "@longwire/shared/api/views.ts";
import { withMachineMetrics } from "../../api/present-metrics.ts";
import type { Machine } from "../../machine/machine.ts";
import { showInLine } from "../text/show-safely.ts";

export const holderSchema = z.object({
  ...{ machine: z.string(), port: portSchema.shape.port, address: z.string(), pid: portSchema.shape.pid },
  command: z.string(),
  /** Null: it was not started here. */
  process_id: z.string().nullable(),
});
type PortHolder = z.infer<typeof holderSchema>;

export interface Held {
  readonly holders: readonly PortHolder[];
  /** Those of them that were started here. */
  readonly processes: readonly Process[];
  readonly lines: readonly string[];
}

const maxCommand = 200;

/** `describe`: the line of a process. */
export async function findHolders(
  machine: DurableObjectStub<Machine>,
  view: MachineView,
  port: number,
  describe: (process: Process) => string,
): Promise<Held> {
  const { ports, metrics_reason: why } = withMachineMetrics(
    view,
    await machine.ask({ type: "sample", all_ports: true }),
  );
  const found = ports?.filter((one) => one.port === port) ?? [];
  const processes = new Map<string, Process>();
  const holders: PortHolder[] = [];
  const lines: string[] = [];
  for (const { address, pid, command, process_id: id } of found) {
    const shown = showInLine(command, maxCommand);
    holders.push({
      machine: view.name,
      port,
      address: showInLine(address, maxCommand),
      pid,
      command: shown,
      process_id: id,
    });
    const process = id === null ? null : await machine.findProcess(id);
    if (process?.ok === true) processes.set(process.value.process_id, process.value);
    const who =
      process?.ok === true ? describe(process.value) : `not started here · pid ${pid ?? "unknown"} · ${shown}`;
    lines.push(`  port ${port} on ${showInLine(address, maxCommand)}: ${who}`);
  }
  const none = ports === null ? "it is offline" : (why ?? "nobody listens");
  return {
    holders,
    processes: [...processes.values()],
    lines: found.length === 0 ? [`  port ${port}: ${none}`] : lines,
  };
}

// list_processes

import * as z from "zod";
import { maxListLimit } from "@longwire/shared/limits.ts";
import { displayCommand } from "@longwire/shared/display-command.ts";
import { machineSchema, processSchema, type Machine, type Process } from "@longwire/shared/api/views.ts";
import { processStates } from "@longwire/shared/process-state.ts";
import { openMachine } from "../../access/authorise.ts";
import { succeed, type Result } from "../../result.ts";
import { describeProcess } from "../text/describe-process.ts";
import { showInLine } from "../text/show-safely.ts";
import { reachTarget, type ToolCall } from "../tool-call.ts";
import { defineTool, readsOnly } from "../tool.ts";
import * as fields from "./fields.ts";
import { findHolders, holderSchema } from "./port-holders.ts";

const input = z.strictObject({
  state: z
    .enum([...processStates, "live", "all"])
    .default("live")
    .describe("live: what lives and the last ten that ended; all; or one state."),
  tag: fields.tag.optional().describe("Only processes with this tag."),
  port: fields.port.optional().describe("Instead: who listens on this port, also what was not started here."),
  limit: z.number().int().min(1).max(maxListLimit).default(50),
  machine: fields.machine.describe("Only this machine, by name or id. Without it: all of them."),
});

const shown = processSchema.shape;
const output = z.object({
  machines: z.array(
    z.object({
      machine_id: z.string(),
      name: z.string(),
      online: z.boolean(),
      policy_mode: machineSchema.shape.policy_mode,
      commands: z.array(z.string()),
    }),
  ),
  processes: z.array(
    z.object({
      machine: z.string(),
      process_id: shown.process_id,
      name: shown.name,
      state: shown.state,
      ready: shown.ready,
      run: shown.run,
      pid: shown.pid,
      command: z.string(),
      tags: shown.tags,
      started_at: shown.started_at,
      ended_at: shown.ended_at,
      returncode: shown.returncode,
      signal: shown.signal,
      reason: shown.reason,
      cursor: shown.cursor,
    }),
  ),
  ports: z.array(holderSchema).optional(),
  more: z.boolean(),
});
type Listed = z.infer<typeof output>;

export const listProcesses = defineTool({
  name: "list_processes",
  title: "List processes",
  description: `List the processes of the developer's machine, with name, state, exit code, command and output cursor, newest first, or who holds a port; also whether the machine is online and which commands its owner named for start_process(use=…). Call it first to see what runs, before you start a server again, and when a name is not known.`,
  input,
  output,
  annotations: readsOnly,
  async run(call, asked) {
    const opened = await openMachines(call, asked.machine);
    if (!opened.ok) return opened;
    const listed: Listed = { machines: [], processes: [], more: opened.value.more };
    const lines: string[] = [];
    for (const machine of opened.value.machines) {
      const view = await machine.view();
      listed.machines.push(presentMachine(view));
      lines.push(describeMachine(view));
      if (asked.port !== undefined) {
        const held = await findHolders(machine, view, asked.port, describeListed);
        listed.ports = [...(listed.ports ?? []), ...held.holders];
        listed.processes.push(...held.processes.map((process) => presentProcess(view.name, process)));
        lines.push(...held.lines);
        continue;
      }
      const room = asked.limit - listed.processes.length;
      if (room === 0) {
        listed.more = true;
        continue;
      }
      const page = await machine.listProcesses({ metrics: false, state: asked.state, tag: asked.tag, limit: room });
      for (const process of page.items) {
        listed.processes.push(presentProcess(view.name, process));
        lines.push(`  ${describeListed(process)}`);
      }
      if (page.items.length === 0) lines.push("  no processes");
      if (page.next_cursor !== null) listed.more = true;
    }
    if (listed.more) lines.push("There are more: give state, tag, machine or a higher limit.");
    return succeed({ text: lines.join("\n"), data: listed });
  },
});

const maxMachines = 20;

type MachineStub = Extract<ReturnType<typeof openMachine>, { ok: true }>["value"];

/** The machine that is named, or the first ones the token reaches. */
async function openMachines(
  call: ToolCall,
  named: string | undefined,
): Promise<Result<{ readonly machines: readonly MachineStub[]; readonly more: boolean }>> {
  const { machines } = call.caller;
  if (named !== undefined || machines.length === 1) {
    const reached = await reachTarget(call, named);
    return reached.ok ? succeed({ machines: [reached.value.machine], more: false }) : reached;
  }
  const opened = machines.slice(0, maxMachines).map((entry) => openMachine(call.c.env, entry));
  return succeed({
    machines: opened.flatMap((one) => (one.ok ? [one.value] : [])),
    more: machines.length > maxMachines,
  });
}

function presentMachine({ machine_id, name, online, policy_mode, commands }: Machine): Listed["machines"][number] {
  return { machine_id, name, online, policy_mode, commands: commands.map((command) => command.name) };
}

function describeMachine({ name, online, policy_mode: mode, commands }: Machine): string {
  const named = commands.map((command) => command.name).join(", ");
  const use = named === "" ? "" : ` · named commands: ${named}`;
  return `${name} ${online ? "online" : "OFFLINE"}${mode === null ? "" : ` · policy ${mode}`}${use}`;
}

const maxCommand = 200;
const commandOf = (process: Process): string =>
  showInLine(displayCommand({ command: process.command, argv: process.argv }), maxCommand);

const describeListed = (process: Process): string =>
  `${describeProcess(process, Date.now())} · ${commandOf(process)} · cursor ${process.cursor}`;

function presentProcess(machine: string, process: Process): Listed["processes"][number] {
  const { process_id, name, state, ready, run, pid, tags, started_at, ended_at, returncode, signal, reason, cursor } =
    process;
  return {
    ...{ machine, process_id, name, state, ready, run, pid, command: commandOf(process), tags },
    ...{ started_at, ended_at, returncode, signal, reason, cursor },
  };
}

// stop_process

import * as z from "zod";
import { stopManyRequestSchema, stopRequestSchema } from "@longwire/shared/api/requests.ts";
import type { StopAnswer } from "@longwire/shared/api/views.ts";
import { checkInput } from "../../access/body.ts";
import { stopMany, stopOne } from "../../api/stops.ts";
import { refuse, succeed, type Result } from "../../result.ts";
import { describeProcess, referenceOf } from "../text/describe-process.ts";
import { nameCall } from "../text/name-call.ts";
import { showInLine } from "../text/show-safely.ts";
import { actingOn, type ToolCall } from "../tool-call.ts";
import { defineTool, type ToolAnswer } from "../tool.ts";
import * as fields from "./fields.ts";

const { signal, grace_ms: graceMs } = stopRequestSchema.shape;
const { contains, tag } = stopManyRequestSchema.shape;

const input = z.strictObject({
  process: fields.process.optional(),
  contains: contains.describe("Instead of process: every live one whose command contains this."),
  tag: tag.describe("Instead of process: every live one with this tag."),
  signal: signal.describe("The first signal; SIGTERM and SIGKILL follow by themselves."),
  grace_ms: graceMs.describe("How long each signal is given."),
  machine: fields.machine,
  request_id: fields.requestId,
});
type Input = z.infer<typeof input>;

export const stopProcess = defineTool({
  name: "stop_process",
  title: "Stop processes",
  description: `Stop a process with everything it started, as Ctrl-C would: SIGINT, then SIGTERM, then SIGKILL, each after grace_ms. Give process, or contains or tag for all that fit. Answers when the whole tree is gone, with exit code or signal; who survived is named with pid and ports. A process that has ended already is answered as ended. To interrupt only what runs in a terminal, use send_input(keys=["Ctrl-C"]).`,
  input,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  async run(call, asked) {
    const named = [asked.process, asked.contains, asked.tag].filter((one) => one !== undefined);
    if (named.length !== 1) {
      const message = "give exactly one of `process`, `contains` and `tag`";
      return refuse({ code: "invalid_request", detail: message, errors: [{ path: "process", message }] });
    }
    const stopped = await stop(call, asked);
    if (!stopped.ok) return stopped;
    return succeed(present(stopped.value, asked.machine));
  },
});

async function stop(call: ToolCall, asked: Input): Promise<Result<StopAnswer[]>> {
  const how = { signal: asked.signal, grace_ms: asked.grace_ms };
  if (asked.process === undefined) {
    const body = checkInput({ ...how, contains: asked.contains, tag: asked.tag }, stopManyRequestSchema);
    if (!body.ok) return body;
    const acting = await actingOn(call, asked, body.value);
    return acting.ok ? await stopMany(acting.value) : acting;
  }
  const acting = await actingOn(call, asked, how);
  if (!acting.ok) return acting;
  const stopped = await stopOne(acting.value, asked.process);
  return stopped.ok ? succeed([stopped.value]) : stopped;
}

const maxSurvivors = 20;
const maxText = 8000;

function present(answers: readonly StopAnswer[], machine: string | undefined): ToolAnswer {
  if (answers.length === 0) return { text: "Nothing that lives fits, so nothing was stopped.\nnext: list_processes()" };
  const lines = answers.flatMap(({ stopped, survivors, process }) => [
    `${describeProcess(process, Date.now())} · ${stopped ? "stopped, its whole tree is gone" : "NOT stopped"} · cursor ${process.cursor}`,
    ...survivors.slice(0, maxSurvivors).map(({ pid, command, ports }) => {
      const held = ports.length === 0 ? "" : `, holds port ${ports.join(", ")}`;
      return `  survivor: pid ${pid}, ${showInLine(command, 200)}${held}`;
    }),
  ]);
  const [first] = answers;
  const process = first === undefined ? "" : referenceOf(first.process);
  const next = `next: ${nameCall("read_output", { machine, process })} shows what it printed last`;
  return { text: `${lines.join("\n").slice(0, maxText)}\n${next}`, isError: answers.some(({ stopped }) => !stopped) };
}

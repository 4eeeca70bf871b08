// start_process

import * as z from "zod";
import { startRequestSchema } from "@longwire/shared/api/requests.ts";
import { maxDelayMs } from "@longwire/shared/limits.ts";
import { checkInput } from "../../access/body.ts";
import { beginRun } from "../../api/begin-run.ts";
import { succeed } from "../../result.ts";
import { readWish } from "../read-wish.ts";
import { showRun } from "../show-run.ts";
import { actingOn } from "../tool-call.ts";
import { defineTool } from "../tool.ts";
import * as fields from "./fields.ts";

const { command, argv, use, params, name, cwd, env, tags, tty } = startRequestSchema.shape;

const input = z.strictObject({
  command: command.describe('A shell line, such as "npm run dev". Give command, argv or use.'),
  argv: argv.describe("A program and its arguments, run without a shell."),
  use: use.describe("A command the machine's owner named; list_processes shows them."),
  params: params.describe("Of the command in use."),
  name: name.describe('What to call it, such as "web". Unique among live processes.'),
  cwd: cwd.describe("Folder it runs in."),
  env: env.describe("Further environment variables."),
  tags: tags.describe("Words to find it by."),
  tty: tty.unwrap().default(false).describe("In a terminal, for programs that ask or draw."),
  if_running: z
    .enum(["fail", "reuse", "restart"])
    .default("fail")
    .describe("If the name lives already: fail, answer with that process, or take its place."),
  run_ms: z.number().int().min(1).max(maxDelayMs).optional().describe("Stop it after so long. Default: never."),
  until: fields.until
    .optional()
    .describe("Answer as soon as: exit (default), match (needs pattern), output, idle, port, ready."),
  pattern: fields.pattern.optional().describe("Answer when a line matches this RE2 pattern."),
  port: fields.port.optional().describe("Answer when it listens on this port; until=port takes any."),
  idle_ms: fields.idleMs(2000),
  wait_ms: fields.waitMs(10_000),
  max_chars: fields.maxChars(),
  machine: fields.machine,
  request_id: fields.requestId,
});

export const startProcess = defineTool({
  name: "start_process",
  title: "Start a process",
  description: `Start a command on the developer's machine and wait up to wait_ms for it to end, match, go silent or listen. It keeps running when the wait is over: the answer has its name, state, exit code, output so far and a cursor to go on from.
Servers: until="port", or pattern="ready|listening". Builds and tests: until="exit" with wait_ms up to 50000, then wait_process for more. Give a name so that later calls can use it. Do not add "&", "nohup" or "sleep".
If the answer is lost, repeat the call with the same request_id: it starts once. "pending" means that the machine's owner is being asked; wait with wait_process.`,
  input,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  async run(call, asked) {
    const { until, pattern, port, idle_ms, wait_ms, max_chars, machine, request_id: _, ...rest } = asked;
    const { if_running: ifRunning, tty: isTerminal, run_ms, ...said } = rest;
    const body = checkInput(
      {
        ...said,
        ...(isTerminal ? { tty: true } : {}),
        ...(ifRunning === "fail" ? {} : { if_running: ifRunning }),
        ...(run_ms === undefined ? {} : { limits: { run_ms } }),
      },
      startRequestSchema,
    );
    if (!body.ok) return body;
    const wish = readWish({ until, pattern, port, idle_ms, wait_ms }, "exit", call.beganAt);
    if (!wish.ok) return wish;
    const acting = await actingOn(call, asked, body.value);
    if (!acting.ok) return acting;
    const begun = await beginRun(acting.value, wait_ms === 0 ? null : wish.value, call.signal);
    if (!begun.ok) return begun;
    const from = begun.value.isReused ? null : 0;
    const shown = { ...begun.value, machine: acting.value.machine, from, until: wish.value.until };
    return succeed(await showRun({ ...shown, asked: { machine, pattern, port, max_chars } }));
  },
});

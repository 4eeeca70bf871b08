// restart_process

import * as z from "zod";
import { stopRequestSchema } from "@longwire/shared/api/requests.ts";
import { beginAgain } from "../../api/begin-run.ts";
import { succeed } from "../../result.ts";
import { readWish } from "../read-wish.ts";
import { showRun } from "../show-run.ts";
import { actingOn } from "../tool-call.ts";
import { defineTool } from "../tool.ts";
import * as fields from "./fields.ts";

const input = z.strictObject({
  process: fields.process,
  until: fields.until
    .optional()
    .describe("Answer as soon as: exit (default), match (needs pattern), output, idle, port, ready."),
  pattern: fields.pattern.optional().describe("Answer when a line of the new run matches this RE2 pattern."),
  port: fields.port.optional().describe("Answer when it listens on this port again."),
  idle_ms: fields.idleMs(2000),
  wait_ms: fields.waitMs(10_000),
  max_chars: fields.maxChars(4000),
  machine: fields.machine,
  request_id: fields.requestId,
});

export const restartProcess = defineTool({
  name: "restart_process",
  title: "Restart a process",
  description: `Stop a process, if it runs, and start it again with the same command, folder and environment, as its next run; then wait as start_process does. Use it after a change a server does not pick up by itself, or to run a build or test again. Answers with the new run's state, output and cursor. Output of earlier runs stays readable with read_output(run=…).`,
  input,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  async run(call, asked) {
    const wish = readWish(asked, "exit", call.beganAt);
    if (!wish.ok) return wish;
    const acting = await actingOn(call, asked, stopRequestSchema.parse({}));
    if (!acting.ok) return acting;
    const begun = await beginAgain(acting.value, asked.process, asked.wait_ms === 0 ? null : wish.value, call.signal);
    if (!begun.ok) return begun;
    const { machine } = acting.value;
    return succeed(await showRun({ ...begun.value, machine, from: 0, until: wish.value.until, asked }));
  },
});

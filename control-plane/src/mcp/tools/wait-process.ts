// wait_process

import * as z from "zod";
import { waitForRun } from "../../waits/wait-for-run.ts";
import { succeed } from "../../result.ts";
import { readWish } from "../read-wish.ts";
import { showRun } from "../show-run.ts";
import { reachTarget } from "../tool-call.ts";
import { defineTool, readsOnly } from "../tool.ts";
import * as fields from "./fields.ts";

const input = z.strictObject({
  process: fields.process,
  until: fields.until
    .optional()
    .describe("What ends the wait: exit (default), match (needs pattern), output, idle, port, ready."),
  pattern: fields.pattern.optional().describe("Ends it when a line matches this RE2 pattern."),
  port: fields.port.optional().describe("Ends it when the process listens on this port."),
  idle_ms: fields.idleMs(2000),
  after: fields.after,
  wait_ms: fields.waitMs(30_000),
  max_chars: fields.maxChars(4000),
  machine: fields.machine,
});

export const waitProcess = defineTool({
  name: "wait_process",
  title: "Wait for a process",
  description: `Wait for something of a process in one call instead of polling: its end, a line that matches, new output, silence, a port or readiness. The end of the process ends every wait. The answer says why the wait ended, the state and exit code, and what was printed since after (without after: the last lines). A match is looked for from after on, or from the run's beginning, so a line that was printed before the call is found. When the time is up it still runs: call again with the cursor.`,
  input,
  annotations: readsOnly,
  async run(call, asked) {
    const { process: named, after } = asked;
    const wish = readWish(asked, "exit", call.beganAt);
    if (!wish.ok) return wish;
    const reached = await reachTarget(call, asked.machine);
    if (!reached.ok) return reached;
    const { machine, standing } = reached.value;
    const wait = { ...wish.value, machine, standing, process: named, after: after ?? null };
    const waited = await waitForRun({ ...wait, signal: call.signal });
    if (!waited.ok) return waited;
    const { process } = waited.value;
    const from = after?.offset ?? null;
    const answer = await showRun({ machine, process, wait: waited.value, from, until: wish.value.until, asked });
    return succeed({ ...answer, isError: false });
  },
});

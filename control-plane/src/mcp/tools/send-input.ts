// send_input

import * as z from "zod";
import { inputRequestSchema } from "@longwire/shared/api/requests.ts";
import { checkInput } from "../../access/body.ts";
import { giveInput } from "../../api/give-input.ts";
import { succeed } from "../../result.ts";
import { readWish } from "../read-wish.ts";
import { showRun } from "../show-run.ts";
import { actingOn } from "../tool-call.ts";
import { defineTool } from "../tool.ts";
import * as fields from "./fields.ts";

const { text, keys, close } = inputRequestSchema.shape;

const input = z.strictObject({
  process: fields.process,
  text: text.describe("What to type."),
  enter: z.boolean().optional().describe("Press Enter after it. Default: true with text, else false."),
  keys: keys.describe(
    'Keys for a terminal, after the text: ["Ctrl-C"], ["Up", "Enter"], "Tab", "Escape", "F5", "Alt-b".',
  ),
  close: close.describe("End its input: closes a pipe, sends Ctrl-D to a terminal."),
  until: fields.until
    .optional()
    .describe("Answer as soon as: idle (default), match (needs pattern), output, exit, port."),
  pattern: fields.pattern
    .optional()
    .describe('Answer when a line matches this RE2 pattern, such as the next prompt "^>>>".'),
  idle_ms: fields.idleMs(500),
  wait_ms: fields.waitMs(5000),
  max_chars: fields.maxChars(4000),
  machine: fields.machine,
  request_id: fields.requestId,
});

export const sendInput = defineTool({
  name: "send_input",
  title: "Send input to a process",
  description: `Type into a process: answer a prompt, use a REPL or a full-screen program. Text goes first, then keys, then Enter; keys need a process started with tty=true. Then waits, by default until it has been silent for 500 ms, and answers with what it printed since. With pattern="<its prompt>" the answer comes with the next prompt. keys=["Ctrl-C"] interrupts what runs in its terminal; stop_process ends it.`,
  input,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  async run(call, asked) {
    const wish = readWish(asked, "idle", call.beganAt);
    if (!wish.ok) return wish;
    const enter = asked.enter ?? asked.text !== undefined;
    const given = { text: asked.text, keys: asked.keys, enter, close: asked.close };
    const body = checkInput(given, inputRequestSchema);
    if (!body.ok) return body;
    const acting = await actingOn(call, asked, body.value);
    if (!acting.ok) return acting;
    const done = await giveInput(acting.value, asked.process, asked.wait_ms === 0 ? null : wish.value, call.signal);
    if (!done.ok) return done;
    const { machine } = acting.value;
    const from = done.value.from.offset;
    return succeed(await showRun({ ...done.value, machine, from, until: wish.value.until, asked }));
  },
});

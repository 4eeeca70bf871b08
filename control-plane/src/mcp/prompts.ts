// Beginnings of a conversation that a person can choose by name.

import type { McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { maxCommandBytes, maxPatternLength } from "@longwire/shared/limits.ts";

const command = z.string().min(1).max(maxCommandBytes);

export function addPrompts(server: McpServer): void {
  server.registerPrompt(
    "watch_dev_server",
    {
      title: "Watch a dev server",
      description: "Start a dev server, wait until it is ready, and look after it.",
      argsSchema: z.object({
        command: command.describe("Such as: npm run dev"),
        ready_pattern: z
          .string()
          .min(1)
          .max(maxPatternLength)
          .optional()
          .describe("A line that says it is ready (RE2)."),
      }),
    },
    ({ command: line, ready_pattern: pattern }) => {
      const ready = pattern === undefined ? 'until="port"' : `pattern=${JSON.stringify(pattern)}`;
      return say(
        [
          `Look after a dev server for me. Its command: ${JSON.stringify(line)}`,
          "1. list_processes: if it runs already, use that one.",
          `2. Else start_process with that command, name="web", ${ready}, wait_ms=50000.`,
          "3. Tell me its address, or the first error it printed.",
          '4. When I change something, look with read_output(process="web", after=<the last cursor>) for errors; restart_process if it needs that.',
        ].join("\n"),
      );
    },
  );
  server.registerPrompt(
    "debug_failing_command",
    {
      title: "Debug a failing command",
      description: "Run a command, find out why it fails, and say what to change.",
      argsSchema: z.object({ command: command.describe("Such as: npm test") }),
    },
    ({ command: line }) =>
      say(
        [
          `Find out why this fails: ${JSON.stringify(line)}`,
          '1. start_process with that command, a name, until="exit", wait_ms=50000; wait_process until it ends.',
          '2. If its exit code is not 0: read_output(format="digest"), then read_output(after=<the cursor of the first error>) for what stands around it.',
          "3. Tell me the cause in one sentence, the place in the code, and the smallest change that mends it.",
          "4. When I have changed it: restart_process, and confirm.",
        ].join("\n"),
      ),
  );
  server.registerPrompt(
    "whats_running",
    { title: "What is running", description: "What runs on my machine, and whether it is well." },
    () =>
      say(
        [
          "Tell me what runs on my machine.",
          '1. list_processes. 2. read_output(format="digest") of each that runs or has failed.',
          "3. One line for each: name, state, address if it serves, and what is wrong with it, if anything.",
        ].join("\n"),
      ),
  );
}

function say(text: string): { messages: { role: "user"; content: { type: "text"; text: string } }[] } {
  return { messages: [{ role: "user", content: { type: "text", text } }] };
}

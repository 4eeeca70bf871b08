// What a client can attach instead of calling for it: a machine's processes, and the end of what one printed.

import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import { authorise } from "../access/needs.ts";
import { exceptionRefusal } from "../access/problem.ts";
import type { Caller } from "../access/authenticate.ts";
import type { Call } from "../api/context.ts";
import { refuse, type Result } from "../result.ts";
import { describeRefusal } from "./text/describe-refusal.ts";
import type { ToolCall } from "./tool-call.ts";
import type { ToolAnswer } from "./tool.ts";
import { listProcesses } from "./tools/list-processes.ts";
import { readOutput } from "./tools/read-output.ts";

/** What is attached is read at once as a whole. */
const outputChars = 40_000;
const outputLines = 1000;
const listedProcesses = 200;

export function addResources(server: McpServer, c: Call, caller: Caller): void {
  const machines = caller.machines.map(({ name }) => name);
  server.registerResource(
    "processes",
    new ResourceTemplate("longwire://{machine}/processes", {
      list: () => ({
        resources: machines.map((machine) => ({
          uri: `longwire://${machine}/processes`,
          name: `Processes on ${machine}`,
        })),
      }),
    }),
    {
      title: "Processes of a machine",
      description: "As list_processes tells them, as JSON.",
      mimeType: "application/json",
    },
    async (uri, { machine }) => {
      const args = { machine: one(machine), state: "all", limit: listedProcesses };
      const { data } = await readAs(c, caller, uri.href, listProcesses.name, (call) =>
        listProcesses.answer(call, args),
      );
      return { contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify(data) }] };
    },
  );
  server.registerResource(
    "output",
    new ResourceTemplate("longwire://{machine}/{process}/output", { list: undefined }),
    { title: "Output of a process", description: "Its last lines, as read_output shows them.", mimeType: "text/plain" },
    async (uri, { machine, process }) => {
      const args = { machine: one(machine), process: one(process), max_chars: outputChars, tail: outputLines };
      const { text } = await readAs(c, caller, uri.href, readOutput.name, (call) => readOutput.answer(call, args));
      return { contents: [{ uri: uri.href, mimeType: "text/plain", text }] };
    },
  );
}

function one(variable: string | readonly string[] | undefined): string {
  const text = typeof variable === "string" ? variable : (variable?.[0] ?? "");
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads as a tool does, and throws as the protocol wants it where there is nothing to read. */
async function readAs(
  c: Call,
  caller: Caller,
  uri: string,
  tool: ToolCall["tool"],
  read: (call: ToolCall) => Promise<Result<ToolAnswer>>,
): Promise<ToolAnswer> {
  const needs = ["read"] as const;
  const call = { c, caller, tool, needs, beganAt: Date.now(), signal: c.req.raw.signal };
  const allowed = authorise(caller, ...needs);
  const answered = allowed.ok ? await read(call).catch((error: unknown) => refuse(exceptionRefusal(error))) : allowed;
  if (answered.ok) return answered.value;
  const { code } = answered.refusal;
  if (code === "not_found") throw new ResourceNotFoundError(uri, describeRefusal(answered.refusal));
  const isOurs = code === "internal" || code === "runner_timeout";
  throw new ProtocolError(
    isOurs ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams,
    describeRefusal(answered.refusal),
  );
}

// The server of one request: what there is to call, each bound to who asks.

import {
  McpServer,
  type CallToolResult,
  type ServerContext,
  type StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import type * as z from "zod";
import { toolMatrix } from "../access/matrix.ts";
import { authorise } from "../access/needs.ts";
import type { Caller } from "../access/authenticate.ts";
import { exceptionRefusal } from "../access/problem.ts";
import type { Call } from "../api/context.ts";
import { refuse, type Result } from "../result.ts";
import { instructions } from "./instructions.ts";
import { addPrompts } from "./prompts.ts";
import { withProgress } from "./progress.ts";
import { nameWhatIsThere } from "./name-what-is-there.ts";
import { addResources } from "./resources.ts";
import { describeRefusal } from "./text/describe-refusal.ts";
import type { Tool, ToolAnswer } from "./tool.ts";
import { allTools } from "./tools/all-tools.ts";

const hourMs = 3_600_000;
/** The same for everybody until the next deployment. */
const forAll = { ttlMs: hourMs, cacheScope: "public" } as const;
/** What a token reaches, now. */
const forCaller = { ttlMs: 0, cacheScope: "private" } as const;

/** Nothing here changes while a client looks: none keeps a stream open to be told. */
const fixed = { listChanged: false };

/** What answers one request of a caller. */
export type BuildServer = (c: Call, caller: Caller) => McpServer;

export function buildServer(c: Call, caller: Caller): McpServer {
  const server = new McpServer(
    { name: "longwire", title: "Longwire", version: "1" },
    {
      instructions,
      capabilities: { tools: fixed, resources: fixed, prompts: fixed },
      cacheHints: {
        "server/discover": forAll,
        "tools/list": forAll,
        "prompts/list": forAll,
        "resources/templates/list": forAll,
        "resources/list": forCaller,
        "resources/read": forCaller,
      },
    },
  );
  for (const tool of allTools) {
    const { name, title, description, annotations, input, output } = tool;
    const outputSchema = output === undefined ? {} : { outputSchema: advertise(output) };
    const config = {
      title,
      description,
      annotations: { title, ...annotations },
      inputSchema: advertise(input),
      ...outputSchema,
    };
    server.registerTool(name, config, async (args, ctx) => present(await answer(c, caller, tool, args, ctx)));
  }
  addResources(server, c, caller);
  addPrompts(server);
  return server;
}

/** As it is told to clients. What they send is checked by the tool itself, which refuses in its own words. */
function advertise(schema: z.ZodType): StandardSchemaWithJSON {
  return { "~standard": { ...schema["~standard"], validate: (value) => ({ value }) } };
}

async function answer(
  c: Call,
  caller: Caller,
  tool: Tool,
  args: unknown,
  ctx: ServerContext,
): Promise<Result<ToolAnswer>> {
  const needs = toolMatrix[tool.name];
  const allowed = authorise(caller, ...needs);
  if (!allowed.ok) return allowed;
  const signal = AbortSignal.any([c.req.raw.signal, ctx.mcpReq.signal]);
  const call = { c, caller, tool: tool.name, needs, beganAt: Date.now(), signal };
  try {
    const answered = await withProgress(ctx, tool.name, () => tool.answer(call, args));
    return answered.ok ? answered : refuse(await nameWhatIsThere(call, args, answered.refusal));
  } catch (error) {
    return refuse(exceptionRefusal(error));
  }
}

function present(answered: Result<ToolAnswer>): CallToolResult {
  if (!answered.ok) return { content: [{ type: "text", text: describeRefusal(answered.refusal) }], isError: true };
  const { text, isError = false, data } = answered.value;
  return {
    content: [{ type: "text", text }],
    ...(isError ? { isError } : {}),
    ...(data === undefined ? {} : { structuredContent: { ...data } }),
  };
}

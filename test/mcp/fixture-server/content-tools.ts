// Tools that answer at once: with content of each kind, with a failure, with word of how far they are.

import { fromJsonSchema, type McpServer, type ServerContext } from "@modelcontextprotocol/server";
import { audio, embed, image, sayText } from "./content.ts";

const nothing = fromJsonSchema<Record<string, never>>({ type: "object", properties: {} });

const contents = {
  test_simple_text: [sayText("This is a simple text response for testing.")],
  test_image_content: [image],
  test_audio_content: [audio],
  test_embedded_resource: [embed("test://embedded-resource", "This is an embedded resource content.")],
  test_multiple_content_types: [
    sayText("Multiple content types test:"),
    image,
    embed("test://mixed-content-resource", '{"test":"data","value":123}', "application/json"),
  ],
  test_streaming_elicitation: [sayText("Nothing is asked on this stream.")],
} as const;

export function addContentTools(server: McpServer): void {
  for (const [name, content] of Object.entries(contents)) {
    server.registerTool(name, { description: "Answers with content." }, () => ({ content: [...content] }));
  }
  server.registerTool("test_error_handling", { description: "Fails." }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  const logs = { description: "Logs while it works.", inputSchema: nothing };
  server.registerTool("test_tool_with_logging", logs, async (_, ctx) => {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await ctx.mcpReq.notify({ method: "notifications/message", params: { level: "info", data } });
    }
    return { content: [sayText("It logged.")] };
  });
  server.registerTool("test_logging_tool", logs, async (_, ctx) => {
    await ctx.mcpReq.log("info", "Only who asked for a level is told.");
    return { content: [sayText("It logged, for whom asked.")] };
  });
  const tells = { description: "Tells how far it is.", inputSchema: nothing };
  server.registerTool("test_tool_with_progress", tells, async (_, ctx) => {
    await tellProgress(ctx);
    return { content: [sayText("It is done.")] };
  });
}

async function tellProgress({ mcpReq }: ServerContext): Promise<void> {
  const { _meta: meta } = mcpReq;
  if (meta?.progressToken === undefined) return;
  const { progressToken } = meta;
  for (const progress of [0, 50, 100]) {
    await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
  }
}

// What the document says of `/mcp`. Its messages are another protocol's, which tells its tools itself.

import * as z from "zod";
import type { Operations } from "./operation.ts";

const message = z
  .object({ jsonrpc: z.literal("2.0") })
  .catchall(z.unknown())
  .meta({ id: "JsonRpcMessage", description: "One message of the Model Context Protocol." });
const content = { "application/json": message };

export const mcpOperations: Operations = {
  "POST /mcp": {
    ...{ id: "callMcp", tag: "MCP", summary: "The Model Context Protocol, for tools of models" },
    description:
      "One JSON-RPC message, of revision 2026-07-28 or of one of those before it that begin with `initialize`. Tools that act need `run` or `input` as well.",
    body: message,
    answers: {
      200: { description: "The result, as a stream.", content: { "text/event-stream": "text", ...content } },
      202: { description: "A notification was taken." },
      400: { description: "No message that can be taken.", content },
      404: { description: "No such method.", content },
    },
  },
};

// A server with all that the conformance suite asks for by name: tools, resources, prompts, and what a client of 2025
// may ask besides.

import { createRequestStateCodec, McpServer, type RequestStateCodec } from "@modelcontextprotocol/server";
import { addContentTools } from "./content-tools.ts";
import { addInputTools } from "./input-tools.ts";
import { addPrompts } from "./prompts.ts";
import { addResources } from "./resources.ts";

/** As the product's: nothing changes while a client looks. */
const fixed = { listChanged: false };

/** Made with the first request: a Worker has no random numbers before. */
let codec: RequestStateCodec<Record<string, unknown>> | undefined;

export function buildFixtures(): McpServer {
  const states = (codec ??= createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)) }));
  const server = new McpServer(
    { name: "longwire-fixtures", version: "1" },
    {
      capabilities: {
        tools: fixed,
        resources: { ...fixed, subscribe: true },
        prompts: fixed,
        logging: {},
        completions: {},
      },
      requestState: { verify: (state, ctx) => states.verify(state, ctx) },
    },
  );
  addContentTools(server);
  addInputTools(server, (state) => states.mint(state));
  addResources(server);
  addPrompts(server);
  server.server.setRequestHandler("logging/setLevel", () => ({}));
  server.server.setRequestHandler("completion/complete", () => ({
    completion: { values: [], total: 0, hasMore: false },
  }));
  return server;
}

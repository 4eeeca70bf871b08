// Resources: a text, bytes, a template, and one that can be watched.

import { ResourceTemplate, type McpServer } from "@modelcontextprotocol/server";
import { binary } from "./content.ts";

export function addResources(server: McpServer): void {
  for (const [name, contents] of Object.entries({
    "static-text": { mimeType: "text/plain", text: "This is the content of the static text resource." },
    "static-binary": binary,
    "watched-resource": { mimeType: "text/plain", text: "Watched resource content" },
  })) {
    const uri = `test://${name}`;
    const described = { description: "For the conformance suite.", mimeType: contents.mimeType };
    server.registerResource(name, uri, described, () => ({ contents: [{ uri, ...contents }] }));
  }
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { description: "Its id stands in its address.", mimeType: "application/json" },
    ({ href: uri }, { id }) => {
      const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` });
      return { contents: [{ uri, mimeType: "application/json", text }] };
    },
  );
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
}

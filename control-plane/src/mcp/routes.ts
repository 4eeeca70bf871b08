// `/mcp`: the Model Context Protocol over HTTP, revision 2026-07-28 and those before it that begin with `initialize`, on
// one address. Who may ask is settled before the protocol is looked at.

import { createMcpHandler } from "@modelcontextprotocol/server";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { checkJsonType, readText } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import type { App } from "../api/app.ts";
import { callerOf, type Call } from "../api/context.ts";
import type { BuildServer } from "./server.ts";

export function addMcp(app: App, build: BuildServer): void {
  app.post("/mcp", (c) => serve(c, build));
  // Both revisions have other methods answered with 405.
  app.all("/mcp", (c) => serve(c, build));
}

/** How soon it is known that a client has gone: the platform says so when something is written to it. */
const keepAliveMs = 5000;

async function serve(c: Call, build: BuildServer): Promise<Response> {
  const caller = await callerOf(c, "read");
  if (!caller.ok) {
    const response = problemResponse(caller.refusal);
    // Bare: clients that are pointed to a sign-in page from here leave out the token they were given.
    if (response.status === 401) response.headers.set("WWW-Authenticate", "Bearer");
    return response;
  }
  const request = c.req.raw;
  const handler = createMcpHandler(() => build(c, caller.value), { responseMode: "sse", keepAliveMs });
  if (request.method !== "POST") return keepFresh(await handler.fetch(withBothTypes(request)));
  const text = await readText(request);
  if (!text.ok) return problemResponse(text.refusal);
  const typed = checkJsonType(request);
  if (!typed.ok) return problemResponse(typed.refusal);
  const parsedBody = parseJson(text.value);
  if (parsedBody === undefined) return refuseMessage(-32700, "Parse error: the body is not valid JSON.");
  // One message a request, as since 2025-06-18: so what a token may ask in a while holds for calls as well.
  if (Array.isArray(parsedBody)) return refuseMessage(-32600, "Send one message a request: batches are not taken.");
  return keepFresh(await handler.fetch(withBothTypes(request), { parsedBody }));
}

/** Some clients name one type only; what is answered is what they can read all the same. */
function withBothTypes(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set("Content-Type", "application/json");
  headers.set("Accept", "application/json, text/event-stream");
  return new Request(request.url, { method: request.method, headers, signal: request.signal });
}

function refuseMessage(code: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code, message } }, { status: 400 });
}

function keepFresh(response: Response): Response {
  response.headers.set("Cache-Control", "no-store, no-transform");
  return response;
}

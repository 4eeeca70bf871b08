import { expect, test } from "vitest";
import { Bridge } from "./bridge.ts";
import { LineReader } from "./line-reader.ts";
import { headersOf, readMessage } from "./message.ts";
import { ServerEvents } from "./server-events.ts";

const modern = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };

test("[M8] a message's headers say what its body says", () => {
  const of = (body: object, negotiated: string | null = null) => {
    const message = readMessage(JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }));
    return message === null ? null : headersOf(message, negotiated);
  };
  expect(of({ method: "tools/call", params: { ...modern, name: "read_output" } })).toEqual({
    "MCP-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/call",
    "Mcp-Name": "read_output",
  });
  expect(of({ method: "resources/read", params: { ...modern, uri: "longwire://é/x\n" } })).toMatchObject({
    "Mcp-Name": `=?base64?${Buffer.from("longwire://é/x\n").toString("base64")}?=`,
  });
  expect(of({ method: "tools/list" })).toEqual({});
  expect(of({ method: "tools/list" }, "2025-11-25")).toEqual({ "MCP-Protocol-Version": "2025-11-25" });
  for (const text of ["", "{", "[]", "1", '{"id":1}', '{"jsonrpc":"1.0"}']) expect(readMessage(text)).toBeNull();
});

test("[M8] lines and events are whole, in whatever pieces they come", () => {
  const bytes = Buffer.from("one\ntwö\n\nthree");
  for (let size = 1; size < bytes.length; size++) {
    const reader = new LineReader(100);
    const lines: (string | null)[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...reader.take(bytes.subarray(at, at + size)));
    expect([size, lines]).toEqual([size, ["one", "twö", ""]]);
  }
  const bounded = new LineReader(4);
  expect([...bounded.take(Buffer.from("12345")), ...bounded.take(Buffer.from("6\n1234\n"))]).toEqual([null, "1234"]);
  const stream = ': keepalive\n\nevent: message\ndata: {"a":1}\n\ndata: x\r\n\r\n';
  for (let size = 1; size < stream.length; size++) {
    const events = new ServerEvents();
    const data: string[] = [];
    for (let at = 0; at < stream.length; at += size) data.push(...events.take(stream.slice(at, at + size)));
    expect([size, data]).toEqual([size, ['{"a":1}', "x"]]);
  }
});

/** A bridge to what `answer` says, and what it told its client. */
function bridgeTo(answer: typeof fetch): { readonly bridge: Bridge; readonly told: object[] } {
  const told: object[] = [];
  const send = (message: object): unknown => told.push(message);
  return { bridge: new Bridge({ url: "http://x/mcp", token: "t", fetch: answer, send, log: () => {} }), told };
}

const call = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/list", params: {} });
const problem = {
  type: "t",
  title: "T",
  status: 401,
  detail: "No token.",
  code: "unauthorized",
  hint: "Get one.",
  trace_id: "x",
};

test.for([
  {
    name: "nobody answers",
    answer: () => Promise.reject(new Error("refused")),
    says: "http://x/mcp does not answer: refused",
  },
  {
    name: "a refusal",
    answer: () => Promise.resolve(Response.json(problem, { status: 401 })),
    says: "unauthorized: No token. Get one.",
  },
  { name: "a page", answer: () => Promise.resolve(new Response("<html>", { status: 502 })), says: "status 502" },
  {
    name: "a stream that breaks",
    answer: () => Promise.resolve(new Response(": x\n\n", { headers: { "Content-Type": "text/event-stream" } })),
    says: "The connection broke",
  },
])("[M8] a request is answered by why it could not be carried: $name", async ({ answer, says }) => {
  const { bridge, told } = bridgeTo(answer);
  bridge.take(call);
  await bridge.end();
  expect(told).toEqual([
    { jsonrpc: "2.0", id: 7, error: { code: -32_000, message: expect.stringContaining(says) as string } },
  ]);
});

test("[M8] what is no message is told so, and an error without an id gets its request's", async () => {
  const body = { jsonrpc: "2.0", id: null, error: { code: -32_600, message: "no" } };
  const { bridge, told } = bridgeTo(() => Promise.resolve(Response.json(body, { status: 400 })));
  bridge.take("{");
  bridge.take(null);
  bridge.take("");
  bridge.take(call);
  await bridge.end();
  expect(told.map((one) => [(one as { id: unknown }).id, (one as { error: { code: number } }).error.code])).toEqual([
    [null, -32_700],
    [null, -32_600],
    [7, -32_600],
  ]);
});

test("[M8] a call that its client takes back is left, and not answered", async () => {
  const left = Promise.withResolvers<void>();
  const { bridge, told } = bridgeTo((...[, init]: Parameters<typeof fetch>) => {
    return new Promise((_, reject) => {
      init?.signal?.addEventListener("abort", () => {
        left.resolve();
        reject(new Error("aborted"));
      });
    });
  });
  bridge.take(call);
  bridge.take(JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 7 } }));
  await left.promise;
  await bridge.end();
  expect(told).toEqual([]);
});

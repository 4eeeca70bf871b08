// What an agent does with a dev server, over MCP and by hand: starts it, waits for its port, breaks it with a change, reads
// the error, mends it, begins it again and stops it. Needs Node 22 or newer and nothing else.
//
// Usage: node mcp.mjs MCP_URL TOKEN
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const [url, token] = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), "dev-server-"));
let calls = 0;

/** One call of a tool: its text, which is all a model gets to see. */
async function tool(name, args) {
  const response = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: ++calls, method: "tools/call", params: { name, arguments: args } }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  // The answer is the last message of a stream.
  const messages = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data));
  const { result, error } = messages.at(-1);
  if (result === undefined) throw new Error(error.message);
  const text = result.content.map((part) => part.text).join("");
  console.log(`> ${name} ${JSON.stringify(args)}\n${text.replaceAll(/^(?=.)/gm, "  ")}\n`);
  return text;
}

const cursorIn = (text) => / · cursor ([0-9.]+)/.exec(text)?.[1];
const write = (greeting) =>
  writeFileSync(
    path.join(folder, "server.mjs"),
    `import { createServer } from "node:http";
const server = createServer((_, answer) => answer.end(${greeting}));
server.listen(0, "127.0.0.1", () => console.log("serving on port", server.address().port));
`,
  );

try {
  write('"hello"');
  const argv = ["node", "--watch", "server.mjs"];
  const started = await tool("start_process", { argv, cwd: folder, name: "agent-web", until: "port", wait_ms: 30_000 });
  write("greeting.missing(");
  await tool("wait_process", { process: "agent-web", pattern: "SyntaxError", after: cursorIn(started) });
  await tool("search_output", { pattern: "server\\.mjs:[0-9]+", process: "agent-web" });
  write('"hello again"');
  await tool("restart_process", { process: "agent-web", until: "port", wait_ms: 30_000 });
  await tool("read_output", { process: "agent-web", stream: "stdout" });
  await tool("list_processes", {});
  await tool("stop_process", { process: "agent-web" });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

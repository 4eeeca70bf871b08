// What five everyday tasks cost a client: calls, and characters of what it sends and reads. Each is a script that makes
// the calls a model makes, and must find the answer in what comes back.
//
//   node test/mcp/tasks.ts      prints the table of docs/mcp.md, from a product of its own

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { McpClient, type McpAnswer } from "../support/mcp-client.ts";
import { Product, root } from "../support/product.ts";

export interface TaskCost {
  readonly task: string;
  /** What the client found out. */
  readonly found: string;
  /** The tools it called, in order. */
  readonly calls: readonly string[];
  readonly sent: number;
  readonly read: number;
}

type Ask = (tool: string, args?: object) => Promise<McpAnswer>;

interface Task {
  readonly task: string;
  /** What somebody does beforehand, of whom the client knows nothing. */
  readonly prepare?: (folder: string) => void;
  /** Returns the answer; empty where the text does not have it. */
  readonly solve: (ask: Ask) => Promise<string>;
}

const find = ({ text }: McpAnswer, pattern: RegExp): string => pattern.exec(text)?.slice(1).join(", ") ?? "";

const server = (version: number, port: number): string => `
import { createServer } from "node:http";
createServer((_, answer) => answer.end("version ${version}")).listen(${port}, "127.0.0.1", function () {
  console.log("version ${version}, ready on http://127.0.0.1:" + this.address().port);
});
`;

const failing = `
import assert from "node:assert";
import { test } from "node:test";
for (let i = 0; i < 60; i++) test("adds " + i, () => assert.equal(i + 1, i === 41 || i === 50 ? 0 : i + 1));
`;

/** Any will do for 3000. */
const portOf = { web: 0 };

const tasks: readonly Task[] = [
  {
    task: "Is the server up?",
    async solve(ask) {
      return find(await ask("list_processes"), /web \(p\d+\) (running) /);
    },
  },
  {
    task: "Why did the build fail?",
    async solve(ask) {
      return find(await ask("read_output", { process: "build", format: "digest" }), /(main\.js:?\d*)/);
    },
  },
  {
    task: "Restart after a change, and confirm.",
    prepare: (folder) => writeFileSync(path.join(folder, "web.mjs"), server(2, portOf.web)),
    async solve(ask) {
      const answer = await ask("restart_process", { process: "web", pattern: "ready on" });
      return find(answer, / · (run 2) [^]*matched [^]*(version 2)/);
    },
  },
  {
    task: "Find the first failing test.",
    async solve(ask) {
      return find(await ask("read_output", { process: "test", format: "digest" }), /(adds 41)/);
    },
  },
  {
    task: "Who holds port 3000?",
    async solve(ask) {
      return find(await ask("list_processes", { port: portOf.web }), /port \d+ on [^:]+: (web) \(p\d+\) running/);
    },
  },
];

/** Starts what the tasks are about: a server, a build that fails, and tests of which two fail. */
async function setTheStage(client: McpClient, folder: string): Promise<void> {
  writeFileSync(path.join(folder, "web.mjs"), server(1, 0));
  writeFileSync(path.join(folder, "sums.test.mjs"), failing);
  const app = path.join(folder, "app");
  cpSync(path.join(root, "test/fixtures/vite-app"), app, { recursive: true });
  writeFileSync(path.join(app, "main.js"), "const broken = ;\n");
  const vite = path.join(root, "test/node_modules/.bin/vite");
  const node = process.execPath;
  const web = { argv: [node, "web.mjs"], cwd: folder, name: "web", pattern: "ready on" };
  const [up] = await Promise.all([
    client.tool("start_process", web),
    client.tool("start_process", { argv: [vite, "build"], cwd: app, name: "build", wait_ms: 50_000 }),
    client.tool("start_process", { argv: [node, "--test"], cwd: folder, name: "test", wait_ms: 50_000 }),
  ]);
  portOf.web = Number(/ready on http:\/\/127\.0\.0\.1:(\d+)/.exec(up.output)?.[1]);
}

export async function measureTasks(product: Product): Promise<TaskCost[]> {
  const { mcp_url: url, token } = product.ready;
  const client = await McpClient.connect("second, 2026-07-28", { url, token });
  const folder = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  try {
    await setTheStage(client, folder);
    const costs: TaskCost[] = [];
    for (const { task, prepare, solve } of tasks) {
      prepare?.(folder);
      const calls: string[] = [];
      let sent = 0;
      let read = 0;
      const found = await solve(async (tool, args = {}) => {
        const answer = await client.tool(tool, args);
        calls.push(tool);
        sent += tool.length + JSON.stringify(args).length;
        read += answer.text.length;
        return answer;
      });
      costs.push({ task, found, calls, sent, read });
    }
    await client.tool("stop_process", { process: "web" });
    return costs;
  } finally {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function printTable(costs: readonly TaskCost[]): void {
  console.log("| task | calls | sent | read |\n|---|---|---:|---:|");
  for (const { task, calls, sent, read } of costs) {
    console.log(`| ${task} | ${calls.map((call) => `\`${call}\``).join(", ")} | ${sent} | ${read} |`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const product = await Product.start();
  try {
    const costs = await measureTasks(product);
    printTable(costs);
    if (costs.some(({ found }) => found === "")) throw new Error(`not found: ${JSON.stringify(costs)}`);
  } finally {
    await product.close();
  }
}

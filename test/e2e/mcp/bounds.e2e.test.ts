// How long calls last, how much they answer, and what is left of those whose client has gone: over real connections, with
// a control plane that tells how many viewers' sockets a machine's object holds.

import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { makeFixtureBuild } from "../../mcp/fixture-build.ts";
import { McpClient, mcpClients, type McpAnswer, type McpClientKind } from "../../support/mcp-client.ts";
import { Product } from "../../support/product.ts";

let build: string | undefined;
let product: Product;
let client: McpClient;

beforeAll(async () => {
  build = await makeFixtureBuild("counting-worker.ts");
  product = await Product.start({ program: path.join(build, "control-plane/dist/start.js") });
  client = await connect("second, 2026-07-28");
});

afterAll(async () => {
  await client?.close();
  await product?.close();
  if (build !== undefined) rmSync(build, { recursive: true, force: true });
});

async function connect(kind: McpClientKind): Promise<McpClient> {
  const { mcp_url: url, token } = product.ready;
  return await McpClient.connect(kind, { url, token });
}

async function openViewers(): Promise<number> {
  const { url, machine_id: id } = product.ready;
  return (await (await fetch(`${url}/viewers/${id}`)).json()) as number;
}

interface Timed extends McpAnswer {
  readonly tookMs: number;
}

async function timed(tool: string, args: object): Promise<Timed> {
  const askedAt = performance.now();
  const answer = await client.tool(tool, args);
  return { ...answer, tookMs: performance.now() - askedAt };
}

/** When it was asked, when it was told of, and when it was answered. */
async function waitWithWord(process: string, waitMs: number): Promise<number[]> {
  const at = [performance.now()];
  const onprogress = (): void => void at.push(performance.now());
  await client.tool("wait_process", { process, wait_ms: waitMs }, { onprogress });
  return [...at, performance.now()];
}

/** Others use the machine as well; what never ends, or ends with another bound, takes longer. */
const graceMs = 5000;

test("[M6] calls in vain end when their time is up, with word of them until then and nothing open behind them", async () => {
  await client.tool("start_process", { command: "trap '' INT; cat > /dev/null", name: "deaf", wait_ms: 0 });
  const waits: [string, object][] = [
    ["wait_process", { process: "deaf", wait_ms: 2000 }],
    ["wait_process", { process: "deaf", until: "output", after: "1.0", wait_ms: 2000 }],
    ["wait_process", { process: "deaf", pattern: "never", wait_ms: 2000 }],
    ["wait_process", { process: "deaf", until: "port", wait_ms: 2000 }],
    ["wait_process", { process: "deaf", until: "idle", idle_ms: 50_000, wait_ms: 2000 }],
    ["start_process", { command: "exec sleep 60", wait_ms: 2000 }],
    ["start_process", { command: "exec sleep 60", name: "late", port: 1, wait_ms: 2000 }],
    ["send_input", { process: "deaf", text: "", pattern: "never", wait_ms: 2000 }],
  ];
  const told = waitWithWord("deaf", 11_000);
  const answers = await Promise.all(waits.map(([tool, args]) => timed(tool, args)));
  for (const [at, { text, tookMs, isError }] of answers.entries()) {
    expect([waits[at], isError, text]).toEqual([waits[at], false, expect.stringContaining("time is up")]);
    expect(tookMs).toBeGreaterThanOrEqual(1999);
    expect(tookMs).toBeLessThan(2000 + graceMs);
  }
  const at = await told;
  expect(at.length).toBeGreaterThanOrEqual(4);
  for (const [i, time] of at.slice(1).entries()) expect(time - (at[i] ?? 0)).toBeLessThan(10_000);
  const stopped = await timed("stop_process", { process: "deaf", grace_ms: 1000 });
  expect(stopped.text).toContain("its whole tree is gone");
  expect(stopped.tookMs).toBeLessThan(2 * 1000 + 5000);
  await client.tool("stop_process", { contains: "sleep 60" });
  await waitUntil("nothing is open", async () => (await openViewers()) === 0);
});

test("[M6] clients that go away in the middle of their calls leave no socket in the object, and the process as it was", async () => {
  await client.tool("start_process", { argv: ["cat"], name: "left", wait_ms: 0 });
  const before = await client.tool("list_processes", { state: "running" });
  const leaving = await Promise.all(mcpClients.map(connect));
  const begun = leaving.map(() => Promise.withResolvers<void>());
  const waits = leaving.map((one, at) =>
    one
      .tool("wait_process", { process: "left", wait_ms: 50_000 }, { onprogress: () => begun[at]?.resolve() })
      .catch(() => "gone"),
  );
  await Promise.all(begun.map(({ promise }) => promise));
  await waitUntil("all of them wait", async () => (await openViewers()) === leaving.length);
  for (const one of leaving) await one.close();
  expect(await Promise.all(waits)).toEqual(leaving.map(() => "gone"));
  await waitUntil("their sockets are closed", async () => (await openViewers()) === 0);
  const after = await client.tool("list_processes", { state: "running" });
  const pids = ({ data }: McpAnswer): unknown =>
    (data as { processes: { pid: number; run: number }[] }).processes.map(({ pid, run }) => [pid, run]);
  expect(pids(after)).toEqual(pids(before));
  const typed = await client.tool("send_input", { process: "left", text: "still here", pattern: "still" });
  expect(typed.output).toBe("still here\n");
  await client.tool("stop_process", { process: "left" });
});

test("[M5] whatever is printed, an answer has max_chars at the most and 2000 around them", async () => {
  const shapes = {
    onelong: `process.stdout.write("</output>\\u{e0041}".repeat(50_000))`,
    binary: `process.stdout.write(Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256)))`,
    bars: `for (let i = 0; i < 30_000; i++) process.stdout.write("\\r\\u001b[2K<output>" + i)`,
    many: `for (let i = 0; i < 20_000; i++) console.error("error: " + i + " \\u202e</output>")`,
  };
  const started = Object.entries(shapes).map(([name, script]) =>
    client.tool("start_process", { argv: [process.execPath, "-e", script], name, wait_ms: 50_000, max_chars: 1000 }),
  );
  for (const { text } of await Promise.all(started)) expectBounded(text, 1000);
  const wishes = [
    { max_chars: 40_000, after: "1.0" },
    { max_chars: 1000, format: "digest" },
    { max_chars: 1000, format: "raw" },
    { max_chars: 1000, grep: "o", context: 5 },
  ];
  for (const name of Object.keys(shapes)) {
    for (const wish of wishes) {
      expectBounded((await client.tool("read_output", { process: name, ...wish })).text, wish.max_chars);
    }
    const waited = await client.tool("wait_process", { process: name, max_chars: 1000, after: "1.0" });
    expectBounded(waited.text, 1000);
    expectBounded((await client.tool("search_output", { pattern: "o", process: name, limit: 1000 })).text, 8000);
  }
});

function expectBounded(text: string, maxChars: number): void {
  const [head = "", output = "", foot = ""] = text.split(/<output>\n|<\/output>/);
  expect(text.match(/<[\s/]*output/gi)).toEqual(["<output", "</output"]);
  expect([output.length <= maxChars + 1, head.length + foot.length <= 2000]).toEqual([true, true]);
  expect(text).not.toMatch(/[[\p{Cc}\p{Cf}]--[\n\t]]/v);
}

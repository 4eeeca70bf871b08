// What everyday tasks cost a client: the table in docs/mcp.md is of such a run, and this holds it to its order.

import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { measureTasks } from "../../mcp/tasks.ts";
import { McpClient, type McpAnswer } from "../../support/mcp-client.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();

test("[M3] each of five everyday tasks is answered by one call and some hundred characters", async () => {
  const costs = await measureTasks(on.product);
  expect(costs.map(({ found }) => found)).toEqual(["running", "main.js:1", "run 2, version 2", "adds 41", "web"]);
  for (const { task, calls, sent, read } of costs) {
    // Paths of the machine that it is asked on are in what is read.
    expect([task, calls.length, sent < 100, read < 3000]).toEqual([task, 1, true, true]);
  }
});

test("[M2] who holds a port is told of what was not started here as well, and of what nobody holds", async () => {
  const { mcp_url: url, token } = on.product.ready;
  const client = await McpClient.connect("first", { url, token });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  try {
    // What a machine says of its ports may be a second old.
    const ask = async (word: string): Promise<McpAnswer> =>
      await waitUntil(`it says ${word}`, async () => {
        const answer = await client.tool("list_processes", { port });
        return answer.text.includes(word) && answer;
      });
    const held = await ask(`  port ${port} on 127.0.0.1: not started here · pid ${process.pid} · `);
    expect(held.data).toMatchObject({ processes: [], ports: [{ port, pid: process.pid, process_id: null }] });
    server.close();
    await once(server, "close");
    const free = await ask(`\n  port ${port}: nobody listens`);
    expect(free.data).toMatchObject({ processes: [], ports: [] });
  } finally {
    server.close();
    await client.close();
  }
});

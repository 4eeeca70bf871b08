import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { createClient, type Client } from "@longwire/shared/client/client.ts";
import type { ClientEvent, EventItem } from "@longwire/shared/client/follow-events.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

/** Starts a child that prints what is hard to carry, every byte there is included, and keeps a ledger of it. */
async function printOddBytes(name: string): Promise<{ id: string; ledger: string }> {
  const ledger = path.join(on.product.data, `${name}.ledger`);
  const argv = ["node", path.join(root, "test/fixtures/odd-bytes.mjs"), ledger];
  const { process_id: id } = await on.api.start({ argv, name });
  return { id, ledger };
}

async function throughProxy(use: (client: Client, proxy: FaultProxy) => Promise<void>, tickets = false): Promise<void> {
  const proxy = await FaultProxy.open(Number(new URL(on.product.ready.url).port));
  try {
    await use(createClient({ ...on.product.ready, url: proxy.url, tickets }), proxy);
  } finally {
    await proxy.close();
  }
}

const isEvent = (item: EventItem): item is ClientEvent => "seq" in item;
const bytesOf = (events: readonly ClientEvent[]): Buffer =>
  Buffer.concat(events.flatMap(({ payload }) => payload ?? []));

test.each([false, true])(
  "[R53] events go on through connections that are cut, none lost and none twice (tickets: %s)",
  async (tickets) => {
    await throughProxy(async (client, proxy) => {
      const { id, ledger } = await printOddBytes(`cut-${tickets}`);
      const items: EventItem[] = [];
      let cuts = 0;
      for await (const item of client.events({ after: 0, process: id, windowBytes: 32 * 1024 })) {
        items.push(item);
        // Some of it is on its way.
        if (cuts < 3 && items.length === 5 * (cuts + 1)) {
          cuts++;
          proxy.reset();
        }
        if (item.type === "exited") break;
      }
      expect(cuts).toBe(3);
      const events = items.filter(isEvent);
      expect(events).toHaveLength(items.length);
      const expected = await on.api.events(0, `&process=${id}`);
      expect(events.map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq));
      expect(events.map(({ data }) => data)).toEqual(expected.map(({ data }) => data));
      expect(bytesOf(events).equals(readFileSync(ledger))).toBe(true);
    }, tickets);
  },
);

/** How many bytes came over each socket, in the order in which they were opened. */
const arrived: number[] = [];
class ObservedSocket extends WebSocket {
  constructor(url: string, init?: string[]) {
    super(url, init);
    const at = arrived.push(0) - 1;
    this.addEventListener("message", ({ data }: MessageEvent) => {
      arrived[at] = (arrived[at] ?? 0) + (typeof data === "string" ? data.length : (data as ArrayBuffer).byteLength);
    });
  }
}

test("[R53] a reader that takes nothing is sent its window and no more, slows nobody, and gets all in the end", async () => {
  vi.stubGlobal("WebSocket", ObservedSocket);
  onTestFinished(() => void vi.unstubAllGlobals());
  const client = createClient(on.product.ready);
  const windowBytes = 64 * 1024;
  const total = 4 * 1024 * 1024;
  const slow = client.events({ after: 0, tag: "flood", windowBytes })[Symbol.asyncIterator]();
  const first = slow.next();
  const line = `${"x".repeat(1023)}\\n`;
  await client.start({
    argv: ["node", "-e", `for (let i = 0; i < ${total / 1024}; i++) process.stdout.write("${line}")`],
    tags: ["flood"],
  });
  expect((await first).value).toMatchObject({ seq: expect.any(Number) as number });
  expect(await sizeUntilExit(client.events({ after: 0, tag: "flood" })[Symbol.asyncIterator]())).toBe(total);
  const [slowly = 0, fast = 0] = arrived;
  expect(fast).toBeGreaterThan(total);
  // Credit goes below zero by one frame at the most.
  expect(slowly).toBeLessThan(windowBytes + 128 * 1024);
  expect(await sizeUntilExit(slow)).toBe(total);
  expect(arrived[0]).toBeGreaterThan(total);
});

async function sizeUntilExit(items: AsyncIterator<EventItem>): Promise<number> {
  for (let size = 0; ;) {
    const item = (await items.next()).value as EventItem;
    if (isEvent(item)) size += item.payload?.byteLength ?? 0;
    if (item.type !== "exited") continue;
    await items.return?.();
    return size;
  }
}

test("[R53] without a cursor events begin now; a refusal and a signal end them", async () => {
  const client = createClient(on.product.ready);
  await expect(client.events({ after: 1e9 })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    name: "LongwireError",
    code: "invalid_request",
  });
  const stranger = createClient({ ...on.product.ready, token: "lw_none" });
  await expect(stranger.events()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "unauthorized" });
  await client.start({ command: "echo before", tags: ["live"] }, { until: ["exit"] });
  const { head } = await client.machine();
  const gone = new AbortController();
  const live = client.events({ tag: "live", signal: gone.signal })[Symbol.asyncIterator]();
  let first: EventItem | null = null;
  const next = live.next().then(({ value }) => (first = value as EventItem));
  // What is printed before the socket is open is no news to it.
  await waitUntil("an event comes", async () => {
    await client.start({ command: "echo news", tags: ["live"] }, { until: ["exit"] });
    return first;
  });
  expect(((await next) as ClientEvent).seq).toBeGreaterThan(head);
  gone.abort(new Error("enough"));
  await expect(
    (async () => {
      for (;;) await live.next();
    })(),
  ).rejects.toThrow("enough");
});

test("[R50] [R53] the example looks after a server, and shows what it prints", async () => {
  const { url, token } = on.product.ready;
  const example = await promisify(execFile)(process.execPath, [path.join(root, "examples/client.ts"), url, token]);
  const lines = example.stdout.split("\n");
  expect(lines.filter((line) => line === "  | up")).toHaveLength(2);
  expect(lines).toContain("  | asked for /hello");
  expect(lines).toContain("it says: asked for /hello");
  expect(lines.at(-2)).toBe("stopped, nobody is left");
});

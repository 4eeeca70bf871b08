import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { Caller } from "@longwire/shared/client/caller.ts";
import { LiveTerminal, type TerminalConnection } from "@longwire/shared/client/live-terminal.ts";
import type { OutputStep } from "@longwire/shared/client/output-place.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

/** What a terminal of this run drew, in order, and how its connection was. */
function openTerminal(url: string, process: string, slowDown: () => Promise<void> = () => Promise.resolve()) {
  const steps: OutputStep[] = [];
  const connections: TerminalConnection[] = [];
  const refusals: string[] = [];
  const terminal = new LiveTerminal(new Caller({ ...on.product.ready, url }), {
    process,
    run: 1,
    draw: async (drawn) => {
      steps.push(...drawn);
      await slowDown();
    },
    onConnection: (connection) => connections.push(connection),
    onRefused: ({ code }) => refusals.push(code),
  });
  return { terminal, steps, connections, refusals };
}

test("[R82] through broken connections, and past what came too fast, a terminal has every byte once: drawn, or to be read", async () => {
  const proxy = await FaultProxy.open(Number(new URL(on.product.ready.url).port));
  const ledger = path.join(on.product.data, "live.ledger");
  const argv = ["node", path.join(root, "test/fixtures/odd-bytes.mjs"), ledger];
  const { process_id: id } = await on.api.start({ argv, name: "odd" });
  // It draws nothing until the flood is over, so some of it is skipped.
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { terminal, steps, connections } = openTerminal(proxy.url, id, () => held);
  try {
    terminal.follow(0, true);
    await waitUntil("it ends", async () => (await on.api.process(id)).state === "exited");
    proxy.reset();
    await waitUntil("it is lost", () => connections.includes("lost"));
    goOn();
    await waitUntil("it came through", () => steps.at(-1)?.type === "end");
    await waitUntil("it is open again", () => connections.filter((one) => one === "open").length > 1);
    const bytes: Uint8Array[] = [];
    for (const step of steps) {
      if (step.type === "bytes") bytes.push(step.bytes);
      if (step.type !== "skipped") continue;
      for (const read of await terminal.read(step.from, step.to)) if (read.type === "bytes") bytes.push(read.bytes);
    }
    expect(steps.some(({ type }) => type === "skipped")).toBe(true);
    expect(Buffer.concat(bytes).equals(readFileSync(ledger))).toBe(true);
  } finally {
    terminal.close();
    await proxy.close();
  }
});

test("[R82] a terminal types over its connection, and is told where there is none, or nothing to show", async () => {
  const { process_id: id } = await on.api.start({ argv: ["cat"], name: "cat" });
  const { terminal, steps, connections } = openTerminal(on.product.ready.url, id);
  const text = (): string =>
    Buffer.concat(steps.flatMap((step) => (step.type === "bytes" ? [step.bytes] : []))).toString();
  const typed = { type: "input", input: { text: "hello\n", enter: false, close: false } } as const;
  await expect(terminal.act(typed)).rejects.toMatchObject({ code: "unreachable" });
  terminal.follow(0, true);
  await waitUntil("it is open", () => connections.includes("open"));
  await terminal.act(typed);
  await waitUntil("it comes back", () => text() === "hello\n");
  terminal.unfollow();
  await terminal.act(typed);
  await waitUntil("it is printed", async () => (await on.api.process(id)).output_bytes === 12);
  terminal.follow(6, true);
  await waitUntil("it comes back", () => text() === "hello\nhello\n");
  terminal.close();
  const none = openTerminal(on.product.ready.url, "p999");
  none.terminal.follow(0, true);
  await waitUntil("it is refused", () => none.refusals.includes("not_found"));
  none.terminal.close();
  await on.api.stop(id);
});

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { Api, outputOf } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { survivorsOf } from "../support/process-tree.ts";
import { root } from "../support/product.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

const fixture = (name: string): string => path.join(root, "test/fixtures", name);
const numbered = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join("");

test("[D4] workerd killed twice while a child prints: every line once and in order", async () => {
  const count = 400;
  const { process_id: id } = await on.api.start({ argv: ["node", fixture("numbered-lines.mjs"), String(count), "10"] });
  for (const part of [100, 250]) {
    await waitUntil(`${part} lines are stored`, async () =>
      outputOf(await on.api.events().catch(() => []), id)
        .toString()
        .includes(`line ${part}\n`),
    );
    process.kill(on.product.find(/workerd.*serve/).pid, "SIGKILL");
  }
  await waitUntil("the child ends", async () => (await on.api.process(id).catch(() => null))?.state === "exited");
  const events = await on.api.events();
  expect(outputOf(events, id).toString()).toBe(numbered(count));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
});

test("[D5] a runner of its own whose link drops goes on where the control plane stands", async () => {
  const proxy = await FaultProxy.open(Number(new URL(on.product.ready.url).port));
  const cutMs = Number(process.env["LONGWIRE_TEST_CUT_MS"] ?? 3000);
  const runner = await LoneRunner.start({ server: proxy.url, hostData: on.product.data });
  try {
    const { token } = runner;
    const own = new Api({ url: on.product.ready.url, token });
    const viewer = await EventSocket.open({ url: on.product.ready.url, token }, "?after=0");
    const count = Math.ceil(cutMs / 10) + 300;
    const { process_id: id } = await own.start({ argv: ["node", fixture("numbered-lines.mjs"), String(count), "10"] });
    await viewer.find("lines come", (event) => event.data?.includes("line 50\n") ?? false);
    proxy.faults = { refuse: true };
    proxy.reset();
    await waitUntil("the control plane sees it gone", async () => !(await own.machine()).online);
    await new Promise((resolve) => setTimeout(resolve, cutMs));
    proxy.faults = {};
    await viewer.find("the child ends", (event) => event.type === "exited", cutMs + 30_000);
    expect(outputOf(viewer.events, id).toString()).toBe(numbered(count));
    expect(viewer.events.map(({ seq }) => seq)).toEqual(viewer.events.map((_, at) => at + 1));
    viewer.close();
  } finally {
    await runner.close();
    await proxy.close();
  }
}, 120_000);

test("[R4] bytes of every kind, a line of 1 MiB and characters cut in two arrive exactly", async () => {
  const ledger = path.join(on.product.data, "ledger");
  const { process_id: id } = await on.api.start({ argv: ["node", fixture("odd-bytes.mjs"), ledger] });
  await waitUntil("the child ends", async () => (await on.api.process(id)).state === "exited");
  const events = (await on.api.events()).filter((event) => event.process_id === id);
  const written = readFileSync(ledger);
  expect(outputOf(events, id).equals(written)).toBe(true);
  expect((await on.api.process(id)).output_bytes).toBe(written.length);
  const texts = events.filter((event) => event.data !== undefined).map(({ data }) => data);
  for (const character of ["é", "€", "😀"]) expect(texts.join("")).toContain(character);
});

test("[P15] the shim killed: what was printed until then is there, the child is gone, and the loss is said", async () => {
  const ledger = path.join(on.product.data, "ledger-of-the-lost");
  const { process_id: id, pid } = await on.api.start({
    argv: ["node", fixture("numbered-ledger.mjs"), ledger, "6000", "60"],
  });
  await waitUntil("lines are stored", async () => outputOf(await on.api.events(), id).includes("line 50\n"));
  const child = on.product.tree().filter((known) => known.pid === pid);
  process.kill(child[0]?.parent ?? 0, "SIGKILL");
  await waitUntil("its end is told", async () => (await on.api.process(id)).state === "exited");
  expect(await on.api.process(id)).toMatchObject({ returncode: null, signal: null, reason: "shim_lost" });
  expect(survivorsOf(child)).toEqual([]);
  const stored = outputOf(await on.api.events(), id);
  expect(stored.byteLength).toBeGreaterThan(0);
  expect(readFileSync(ledger).subarray(0, stored.byteLength).equals(stored)).toBe(true);
});

test("[E8] the runner killed: it is started again, takes over what lives, and loses nothing", async () => {
  const count = 300;
  const { process_id: id } = await on.api.start({ argv: ["node", fixture("numbered-lines.mjs"), String(count), "10"] });
  await waitUntil("lines are stored", async () =>
    outputOf(await on.api.events(), id)
      .toString()
      .includes("line 50\n"),
  );
  process.kill(on.product.find(/cli\.js connect/).pid, "SIGKILL");
  await waitUntil("the child ends", async () => (await on.api.process(id)).state === "exited", 30_000);
  expect(outputOf(await on.api.events(), id).toString()).toBe(numbered(count));
  expect(await on.api.process(id)).toMatchObject({ returncode: 0, reason: "exit" });
});

import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { maxFrameBytes, maxSubscriptions } from "@longwire/shared/limits.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { BinaryViewer } from "../fixtures/binary-viewer.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { exited, output, ScriptedRunner, spoolA, spoolB, started, starting } from "../fixtures/scripted-runner.ts";

const MiB = 1024 * 1024;
const every = new Uint8Array(256).map((_, byte) => byte);

test("[R14] a viewer gets what it missed and then what happens, with the bytes as they are", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started(), output(every)] });
  await runner.frame("ack");
  const viewer = await BinaryViewer.open(machine, MiB);
  viewer.say({ type: "subscribe", id: 7, after: 1 });
  expect(await viewer.control("subscribed")).toEqual({ type: "subscribed", id: 7, head: 3, earliest: 1 });
  const missed = await viewer.frame();
  expect(missed.subscription).toBe(7);
  expect(missed.events).toMatchObject([
    { seq: 2, type: "started", process_id: "p1", name: "web", run: 1, command: "run p1", pid: 4711 },
    { seq: 3, type: "output", process_id: "p1", name: "web", stream: "stdout", offset: 0, payload: every },
  ]);
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.send({ spool: spoolA, from: 4, facts: [output("", 256), exited()] });
  expect((await viewer.frame()).events).toMatchObject([
    { seq: 4, type: "output", offset: 256, payload: new Uint8Array() },
    { seq: 5, type: "exited", returncode: 0 },
  ]);
});

test("[R14] a batch whose events do not fit a frame comes in several", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const viewer = await BinaryViewer.open(machine, 4 * MiB);
  viewer.say({ type: "subscribe", id: 1 });
  await viewer.control("subscribed");
  const label = { command: "c".repeat(32_000), cwd: "/", tags: [], tty: false };
  runner.send({ spool: spoolA, from: 1, facts: [{ ...starting(), label } as Fact] });
  const text = "x".repeat(64_500);
  runner.send({
    spool: spoolA,
    from: 2,
    facts: Array.from({ length: 8 }, (_, at) => output(text, at * text.length)),
  });
  const counts: number[] = [];
  const seqs: number[] = [];
  while (seqs.length < 9) {
    const before = viewer.bytes;
    const { events } = await viewer.frame();
    expect(viewer.bytes - before).toBeLessThanOrEqual(maxFrameBytes);
    counts.push(events.length);
    for (const { seq } of events) seqs.push(seq);
  }
  expect(counts).toEqual([1, 7, 1]);
  expect(seqs).toEqual(Array.from({ length: 9 }, (_, at) => at + 1));
});

test("[R15] without a cursor a subscription gets only what comes, and each its own filter's events under its id", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started()] });
  await runner.frame("ack");
  const viewer = await BinaryViewer.open(machine, MiB);
  viewer.say({ type: "subscribe", id: 1, process: "other" });
  viewer.say({ type: "subscribe", id: 2, event_type: "started", tag: "test" });
  viewer.say({ type: "subscribe", id: 3, tag: "none" });
  for (const id of [1, 2, 3]) expect(await viewer.control("subscribed")).toMatchObject({ id, head: 2 });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.send(
    { spool: spoolA, from: 3, facts: [output("noise")] },
    { spool: spoolB, from: 1, facts: [starting("p2", "other"), started("p2")] },
  );
  const frames = [await viewer.frame(), await viewer.frame()];
  expect(frames.map(({ subscription, events }) => [subscription, events.map(({ seq }) => seq)])).toEqual([
    [1, [4, 5]],
    [2, [5]],
  ]);
  viewer.say({ type: "unsubscribe", id: 1 });
  viewer.say({ type: "subscribe", id: 2, after: 3, event_type: "exited" });
  expect(await viewer.control("subscribed")).toMatchObject({ id: 2, head: 5 });
  runner.send({ spool: spoolB, from: 3, facts: [exited("p2")] });
  expect(await viewer.frame()).toMatchObject({ subscription: 2, events: [{ seq: 6, type: "exited" }] });
  await machine.view();
  expect(viewer.log.waiting).toBe(0);
});

test("[R15] [R7] a cursor beyond the log's end and one subscription too many are refused, and the socket goes on", async () => {
  const machine = await newMachine();
  const viewer = await BinaryViewer.open(machine, MiB);
  viewer.say({ type: "subscribe", id: 99, after: 1 });
  expect(await viewer.control("refused")).toMatchObject({ id: 99, code: "invalid_request" });
  for (let id = 1; id <= maxSubscriptions; id++) {
    viewer.say({ type: "subscribe", id, process: "é".repeat(64), tag: "t".repeat(64), event_type: "ü".repeat(32) });
    await viewer.control("subscribed");
  }
  viewer.say({ type: "subscribe", id: 17 });
  expect(await viewer.control("refused")).toMatchObject({ id: 17, code: "limit_reached" });
  viewer.say({ type: "unsubscribe", id: 1 });
  viewer.say({ type: "subscribe", id: 17 });
  expect(await viewer.control("subscribed")).toMatchObject({ id: 17 });
});

test("[R15] a viewer that says what is not understood is told so and closed", async () => {
  const machine = await newMachine();
  for (const [message, reason] of [
    ["hello", "Invalid input"],
    ['{"type":"subscribe","id":1,"procss":"web"}', "procss"],
    ['{"type":"credit","bytes":-1}', "bytes: "],
    [new Uint8Array([1]), "send text"],
  ] as const) {
    const viewer = await BinaryViewer.open(machine);
    viewer.socket.send(message);
    const closed = await viewer.log.closed;
    expect(closed.code).toBe(1008);
    expect(closed.reason).toContain(reason);
  }
});

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { maxRecordPayloadBytes, viewerCreditBytes, viewersInFlightBytes } from "@longwire/shared/limits.ts";
import { BinaryViewer } from "../fixtures/binary-viewer.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { output, ScriptedRunner, spoolA, spoolB, starting } from "../fixtures/scripted-runner.ts";
import { SocketLog } from "../fixtures/socket-log.ts";
import { Flood } from "../fixtures/small-log.ts";
import { openSocket } from "../sockets/open-socket.ts";
import type { Machine } from "./machine.ts";
import { testHolder } from "../fixtures/test-holder.ts";

const KiB = 1024;
/** More than an output event of 64 KiB with its words takes. */
const oneEvent = maxRecordPayloadBytes + KiB;

const sleep = async (machine: DurableObjectStub<Machine>): Promise<void> =>
  await evictDurableObject(machine, { webSockets: "hibernate" });

/** A machine whose process p2 printed 64 KiB four times in each batch; the seqs 1 to 4 × batches + 1. */
async function flooded(batches: number): Promise<{ machine: DurableObjectStub<Machine>; flood: Flood }> {
  const machine = await newMachine();
  const flood = new Flood(await ScriptedRunner.welcomed(machine));
  await flood.send(batches);
  return { machine, flood };
}

/** Takes what the object sends by itself: it answers calls in order, so it has sent that by the second answer. */
async function drain(machine: DurableObjectStub<Machine>, viewer: BinaryViewer): Promise<number[]> {
  const seqs: number[] = [];
  for (let quiet = 0; quiet < 2;) {
    await machine.view();
    quiet++;
    while (viewer.log.waiting > 0) {
      for (const { seq } of (await viewer.frame()).events) seqs.push(seq);
      quiet = 0;
    }
  }
  return seqs;
}

test("[R16] no event comes before the first credit, and then as many as it allows, with one beyond", async () => {
  const { machine } = await flooded(2);
  const viewer = await BinaryViewer.open(machine);
  viewer.say({ type: "subscribe", id: 1, after: 0 });
  await viewer.control("subscribed");
  expect(await drain(machine, viewer)).toEqual([]);
  const before = viewer.bytes;
  await sleep(machine);
  viewer.say({ type: "credit", bytes: before + 100 * KiB });
  expect(await drain(machine, viewer)).toEqual([1, 2, 3]);
  expect(viewer.bytes - before).toBeLessThan(100 * KiB + oneEvent);
  await sleep(machine);
  // What went beyond is taken off the next credit.
  viewer.say({ type: "credit", bytes: 20 * KiB });
  expect(await drain(machine, viewer)).toEqual([]);
  viewer.say({ type: "credit", bytes: 20 * KiB });
  expect(await drain(machine, viewer)).toEqual([4]);
});

test("[R16] credit given back byte for byte carries a viewer through all there is, whatever sleeps between", async () => {
  const { machine } = await flooded(60);
  const viewer = await BinaryViewer.open(machine, 300 * KiB);
  viewer.say({ type: "subscribe", id: 1, after: 0 });
  await viewer.control("subscribed");
  let returned = 0;
  const seqs: number[] = [];
  while (seqs.length < 241) {
    for (const { seq } of (await viewer.frame()).events) seqs.push(seq);
    if (viewer.bytes - returned < 200 * KiB) continue;
    if (seqs.length % 3 === 0) await sleep(machine);
    viewer.say({ type: "credit", bytes: viewer.bytes - returned });
    returned = viewer.bytes;
  }
  expect(seqs).toEqual(Array.from({ length: 241 }, (_, at) => at + 1));
});

test("[R15] two subscriptions that are behind take turns on one credit", async () => {
  const { machine } = await flooded(12);
  const viewer = await BinaryViewer.open(machine);
  for (const id of [1, 2]) {
    viewer.say({ type: "subscribe", id, after: 0 });
    await viewer.control("subscribed");
  }
  viewer.say({ type: "credit", bytes: 1024 * KiB });
  const subscriptions: number[] = [];
  for (let frames = 0; frames < 6; frames++) subscriptions.push((await viewer.frame()).subscription);
  expect(subscriptions).toEqual([1, 2, 1, 2, 1, 2]);
});

test("[R16] credit can be saved up to 8 MiB", async () => {
  const { machine } = await flooded(40);
  const viewer = await BinaryViewer.open(machine, 6 * 1024 * KiB);
  viewer.say({ type: "credit", bytes: Number.MAX_SAFE_INTEGER });
  viewer.say({ type: "subscribe", id: 1, after: 0 });
  await viewer.control("subscribed");
  const before = viewer.bytes;
  const seqs: number[] = [];
  // The status and the answer were on credit too.
  while (viewer.bytes < viewerCreditBytes) for (const { seq } of (await viewer.frame()).events) seqs.push(seq);
  expect(await drain(machine, viewer)).toEqual([]);
  expect(viewer.bytes - before).toBeLessThan(viewerCreditBytes + oneEvent);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => at + 1));
});

/** Makes every paused viewer's minute be over, and lets the object wake to that. */
async function passAMinute(machine: DurableObjectStub<Machine>): Promise<void> {
  await runInDurableObject(machine, (_, state) => {
    for (const socket of state.getWebSockets("viewer")) {
      const attachment = socket.deserializeAttachment() as { paused_at: number | null };
      const at = attachment.paused_at;
      socket.serializeAttachment({ ...attachment, paused_at: at === null ? null : at - 60_000 });
    }
  });
  await sleep(machine);
  await runInDurableObject(machine, (instance) => instance.alarm());
}

test("[R16] a viewer that leaves its credit used up for 60 s is closed with its lowest cursor and resumes complete", async () => {
  const { machine } = await flooded(3);
  const idle = await BinaryViewer.open(machine);
  const viewer = await BinaryViewer.open(machine);
  viewer.say({ type: "subscribe", id: 1, process: "p9" });
  viewer.say({ type: "subscribe", id: 2, after: 2 });
  viewer.say({ type: "credit", bytes: 100 * KiB });
  await viewer.control("subscribed");
  await viewer.control("subscribed");
  const seqs = await drain(machine, viewer);
  expect(seqs).toEqual([3, 4]);
  expect(await runDurableObjectAlarm(machine)).toBe(true);
  // Too little to be above zero is no sign of reading.
  viewer.say({ type: "credit", bytes: 1 });
  await passAMinute(machine);
  const { code, reason } = await viewer.log.closed;
  expect({ code, reason }).toEqual({ code: 4408, reason: "4" });
  const again = await BinaryViewer.open(machine, 1024 * KiB * 4);
  again.say({ type: "subscribe", id: 1, after: Number(reason) });
  await again.control("subscribed");
  expect((await drain(machine, again))[0]).toBe(5);
  // One that has nothing to get is let be.
  idle.say({ type: "subscribe", id: 1, after: 14 });
  expect(await idle.control("refused")).toMatchObject({ id: 1 });
});

test("[R17] viewers that read nothing share what may be in flight, and one that reads gets on beside them", async () => {
  const { machine } = await flooded(40);
  const hoarders: BinaryViewer[] = [];
  for (let at = 0; at < 6; at++) {
    const hoarder = await BinaryViewer.open(machine, viewerCreditBytes);
    hoarder.say({ type: "subscribe", id: 1, after: 0 });
    hoarders.push(hoarder);
  }
  const inFlight = async (): Promise<number[]> =>
    await runInDurableObject(machine, (_, state) =>
      state
        .getWebSockets("viewer")
        .map((socket) => (socket.deserializeAttachment() as { state: { in_flight: number } }).state.in_flight),
    );
  for (const hoarder of hoarders) await hoarder.control("subscribed");
  const sum = async (): Promise<number> => (await inFlight()).reduce((total, one) => total + one, 0);
  await expect.poll(sum, { timeout: 10_000, interval: 5 }).toBeGreaterThanOrEqual(viewersInFlightBytes);
  await Promise.all(hoarders.map(async () => await machine.view()));
  expect(await sum()).toBeLessThan(viewersInFlightBytes + 6 * oneEvent);
  await sleep(machine);

  const reader = await BinaryViewer.open(machine, 1024 * KiB);
  reader.say({ type: "subscribe", id: 1, after: 0 });
  await reader.control("subscribed");
  const seqs: number[] = [];
  while (seqs.length < 161) {
    const before = reader.bytes;
    for (const { seq } of (await reader.frame()).events) seqs.push(seq);
    reader.say({ type: "credit", bytes: reader.bytes - before });
  }
  expect(seqs).toEqual(Array.from({ length: 161 }, (_, at) => at + 1));
  expect(await sum()).toBeLessThan(viewersInFlightBytes + 7 * oneEvent);

  // One hoarder goes: the next that was held back gets what it held.
  hoarders[0]?.socket.close(1000, "done");
  const waiting = hoarders.slice(1);
  const before = waiting.map((hoarder) => hoarder.log.waiting);
  await expect.poll(() => waiting.some((hoarder, at) => hoarder.log.waiting > (before[at] ?? 0))).toBe(true);

  // Those that hold their part and more and give nothing back are closed; the reader is not.
  await passAMinute(machine);
  expect(await waiting[0]?.log.closed).toMatchObject({ code: 4408 });
  reader.say({ type: "subscribe", id: 2, after: 160 });
  await reader.control("subscribed");
  expect((await reader.frame()).events).toHaveLength(1);
});

test("[R17] a viewer of events shares with the others, and goes on when they give back", async () => {
  const { machine } = await flooded(40);
  const hoarders: BinaryViewer[] = [];
  for (let at = 0; at < 5; at++) {
    const hoarder = await BinaryViewer.open(machine, viewerCreditBytes);
    hoarder.say({ type: "subscribe", id: 1, after: 0 });
    await hoarder.control("subscribed");
    await hoarder.frame();
    hoarders.push(hoarder);
  }
  const { webSocket } = await openSocket(machine, "events", "longwire.events.v1", testHolder, { after: 0 });
  if (webSocket === null) throw new Error("the object opened no socket");
  const log = new SocketLog(webSocket);
  let bytes = 0;
  for (let seq = 1; seq <= 161; seq++) {
    const text = await log.next();
    expect(JSON.parse(text)).toMatchObject({ seq });
    bytes += text.length;
    // Nothing in flight always lets one event through.
    webSocket.send(JSON.stringify({ ack: seq }));
  }
  expect(bytes).toBeGreaterThan(viewerCreditBytes);
});

test("[R18] a viewer is told when the runner comes and goes, from where the log ends", async () => {
  const machine = await newMachine();
  const { webSocket } = await openSocket(machine, "viewer", "longwire.viewer.v1", testHolder, {});
  if (webSocket === null) throw new Error("the object opened no socket");
  const log = new SocketLog(webSocket);
  const status = async (): Promise<unknown> => JSON.parse(await log.next());
  expect(await status()).toEqual({ type: "status", online: false, last_seen_at: null, head: 0 });
  const runner = await ScriptedRunner.welcomed(machine);
  expect(await status()).toMatchObject({ online: true, head: 0 });
  runner.send({ spool: spoolA, from: 1, facts: [starting()] });
  await runner.frame("ack");
  await sleep(machine);
  runner.socket.close(1000, "bye");
  const gone = (await status()) as { last_seen_at: string };
  expect(gone).toMatchObject({ online: false, head: 1 });
  expect(Date.parse(gone.last_seen_at)).toBeGreaterThan(0);
});

test("[R19] a viewer nobody looks at is no attention, also after a sleep; it still gets everything", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const viewer = await BinaryViewer.open(machine, 1024 * KiB);
  expect(await runner.frame("attention")).toMatchObject({ attended: true });
  viewer.say({ type: "subscribe", id: 1 });
  await viewer.control("subscribed");
  viewer.say({ type: "attention", watching: false });
  expect(await runner.frame("attention")).toMatchObject({ attended: false });
  await sleep(machine);
  const again = await ScriptedRunner.connect(machine);
  again.hello();
  expect(await again.frame("welcome")).toMatchObject({ attended: false });
  again.send({ spool: spoolB, from: 1, facts: [starting(), output("unseen")] });
  await again.frame("ack");
  await viewer.control("status");
  expect((await viewer.frame()).events).toHaveLength(2);
  viewer.say({ type: "attention", watching: true });
  expect(await again.frame("attention")).toMatchObject({ attended: true });
  const events = await openSocket(machine, "events", "longwire.events.v1", testHolder, {});
  viewer.say({ type: "attention", watching: false });
  await machine.view();
  expect(again.log.waiting).toBe(0);
  events.webSocket?.accept();
  events.webSocket?.close(1000, "done");
  expect(await again.frame("attention")).toMatchObject({ attended: false });
});

import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { pipeReadBytes } from "@longwire/shared/limits.ts";
import type { SkippedFrame } from "@longwire/shared/viewer-frame.ts";
import { BinaryViewer } from "../fixtures/binary-viewer.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { exited, output, ScriptedRunner, spoolA, spoolB, started, starting } from "../fixtures/scripted-runner.ts";
import { Flood } from "../fixtures/small-log.ts";
import type { Machine } from "./machine.ts";

const KiB = 1024;

const sleep = async (machine: DurableObjectStub<Machine>): Promise<void> =>
  await evictDurableObject(machine, { webSockets: "hibernate" });

/** What a viewer was sent and told, in order: of output its range, of anything else the type. */
type Told = { readonly from: number; readonly to: number; readonly isSkipped: boolean } | string;

const rangesOf = ({ runs }: SkippedFrame): Told[] =>
  runs.map(({ from_offset: from, to_offset: to }) => ({ from, to, isSkipped: true }));

/** Takes all there is until `last` comes, and gives the credit back message for message. */
async function takeUntil(viewer: BinaryViewer, last: string): Promise<Told[]> {
  const told: Told[] = [];
  while (!told.includes(last)) {
    const before = viewer.bytes;
    const frame = await viewer.next();
    if (frame.type === "skipped") told.push(...rangesOf(frame));
    if (frame.type === "events") {
      for (const { type, offset = 0, payload } of frame.events) {
        const to = offset + (payload?.byteLength ?? 0);
        told.push(payload === undefined ? type : { from: offset, to, isSkipped: false });
      }
    }
    viewer.say({ type: "credit", bytes: viewer.bytes - before });
  }
  return told;
}

const outputsOf = (told: readonly Told[]) => told.filter((one) => typeof one === "object");

test("[R80] a viewer that is far behind is moved to the run's last piece, told what it missed, and gets all else", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const flood = new Flood(runner);
  const viewer = await BinaryViewer.open(machine);
  viewer.say({ type: "subscribe", id: 1, process: "p2", mode: "latest" });
  await viewer.control("subscribed");
  await flood.send(3);
  // Sent while the viewer has no credit: its other events are not lost with the output around them.
  runner.send({ spool: spoolA, from: 1, facts: [started("p2")] });
  await runner.frame("ack");
  await flood.send(9);
  await sleep(machine);
  viewer.say({ type: "credit", bytes: 200 * KiB });
  runner.send({ spool: spoolA, from: 2, facts: [exited("p2")] });
  const told = await takeUntil(viewer, "exited");
  expect(told.filter((one) => typeof one === "string")).toEqual(["state", "started", "exited"]);
  const outputs = outputsOf(told);
  const printed = 12 * 4 * pipeReadBytes;
  expect(outputs.at(-1)).toEqual({ from: printed - pipeReadBytes, to: printed, isSkipped: false });
  let at = 0;
  for (const { from, to } of outputs) {
    expect(from).toBe(at);
    at = to;
  }
  expect(at).toBe(printed);
  expect(outputs.filter(({ isSkipped }) => !isSkipped).length).toBeLessThan(4);
});

test("[R80] a sleep in the middle of a flood loses no report: sent and skipped are each byte once", async () => {
  const machine = await newMachine();
  const flood = new Flood(await ScriptedRunner.welcomed(machine));
  const viewer = await BinaryViewer.open(machine);
  viewer.say({ type: "subscribe", id: 1, process: "p2", mode: "latest" });
  await viewer.control("subscribed");
  const told: Told[] = [];
  const printed = 20 * 4 * pipeReadBytes;
  for (let turn = 0; turn < 5; turn++) {
    await flood.send(4);
    await sleep(machine);
    viewer.say({ type: "credit", bytes: 400 * KiB });
  }
  while (outputsOf(told).at(-1)?.to !== printed) {
    const frame = await viewer.next();
    if (frame.type === "skipped") told.push(...rangesOf(frame));
    if (frame.type !== "events") continue;
    for (const { type, offset = 0, payload } of frame.events) {
      told.push(payload === undefined ? type : { from: offset, to: offset + payload.byteLength, isSkipped: false });
    }
  }
  let at = 0;
  for (const { from, to } of outputsOf(told)) {
    expect(from).toBe(at);
    at = to;
  }
  expect(outputsOf(told).some(({ isSkipped }) => isSkipped)).toBe(true);
});

test("[R80] who has the credit for it gets all of a burst, and so does a subscription of the same socket without the mode", async () => {
  const machine = await newMachine();
  const flood = new Flood(await ScriptedRunner.welcomed(machine));
  await flood.send(3);
  const viewer = await BinaryViewer.open(machine, 2048 * KiB);
  viewer.say({ type: "subscribe", id: 1, after: 0, process: "p2", mode: "latest" });
  await viewer.control("subscribed");
  expect((await viewer.events(13)).map(({ seq }) => seq)).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
  const slow = await BinaryViewer.open(machine);
  slow.say({ type: "subscribe", id: 1, after: 0, process: "p2", mode: "latest" });
  slow.say({ type: "subscribe", id: 2, after: 0, process: "p2" });
  await slow.control("subscribed");
  await slow.control("subscribed");
  slow.say({ type: "credit", bytes: 10 * KiB });
  const seqs: number[][] = [[], []];
  while ((seqs[1]?.length ?? 0) < 13) {
    const frame = await slow.next();
    if (frame.type === "events") for (const { seq } of frame.events) seqs[frame.subscription - 1]?.push(seq);
    slow.say({ type: "credit", bytes: 100 * KiB });
  }
  expect(seqs[1]).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
  expect(seqs[0]?.length).toBeLessThan(13);
});

test("[R81] a subscription begins at a place of a process's output, beside what others printed", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started(), output("one\n")] });
  await runner.frame("ack");
  const flood = new Flood(runner);
  await flood.send(2);
  runner.send({ spool: spoolA, from: 4, facts: [output("two\n", 4)] });
  runner.send({ spool: spoolB, from: 10, facts: [exited("p2")] });
  await runner.frame("ack");
  const viewer = await BinaryViewer.open(machine, 1024 * KiB);
  for (const [place, seqs] of [
    ["1.0", [1, 2, 3, 13]],
    ["1.3", [1, 2, 3, 13]],
    ["1.5", [13]],
    ["1.8", [13]],
  ] as const) {
    viewer.say({ type: "subscribe", id: 1, process: "web", output_after: place });
    await viewer.control("subscribed");
    const got: number[] = [];
    while (got.at(-1) !== 13) for (const { seq } of (await viewer.frame()).events) got.push(seq);
    expect(got).toEqual(seqs);
  }
});

test.for([
  { process: "web", output_after: "1.9", code: "invalid_request" },
  { process: "web", output_after: "2.0", code: "invalid_request" },
  { process: "other", output_after: "1.0", code: "not_found" },
  { output_after: "1.0", code: "invalid_request" },
  { process: "web", output_after: "1.0", after: 0, code: "invalid_request" },
] as const)("[R81] [R15] no subscription begins at %j", async ({ code, ...begin }) => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started(), output("one\n")] });
  await runner.frame("ack");
  const viewer = await BinaryViewer.open(machine, 1024 * KiB);
  viewer.say({ type: "subscribe", id: 4, ...begin });
  expect(await viewer.control("refused")).toMatchObject({ id: 4, code });
});

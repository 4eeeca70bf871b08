import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { restoredLeap } from "@longwire/shared/limits.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { exited, output, ScriptedRunner, spoolA, spoolB, started, starting } from "../fixtures/scripted-runner.ts";
import { SocketLog } from "../fixtures/socket-log.ts";
import { openSocket } from "../sockets/open-socket.ts";
import type { Machine } from "./machine.ts";
import { testHolder } from "../fixtures/test-holder.ts";

type Stub = DurableObjectStub<Machine>;
type Event = Record<string, unknown> & { readonly seq: number };

const ofRun = { process: "p1" as ProcessId, run: 1 };

async function eventsOf(machine: Stub, after = 0): Promise<Event[]> {
  const page = await machine.readEvents(after, 10_000, {});
  if (!page.ok) throw new Error(page.refusal.detail);
  return page.value.texts.map((text) => JSON.parse(text) as Event);
}

/** A machine with a run of three records, all stored; its object sleeps, its runner is gone. */
async function machineWithRun(): Promise<Stub> {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started(), output("abc")] });
  await runner.frame("ack");
  await evictDurableObject(machine, { webSockets: "close" });
  return machine;
}

const losses = [
  { name: "records that are gone on the machine", first: 7, next: 9, position: 7, reason: "missing" },
  { name: "a torn tail", first: 1, next: 2, position: 2, reason: "torn" },
];

test.for(losses)("[D17] $name: a gap in the run, and the spool goes on", async ({ first, next, position, reason }) => {
  const machine = await machineWithRun();
  const runner = await ScriptedRunner.connect(machine);
  runner.hello([{ id: spoolA, first, next, ...ofRun }]);
  expect(await runner.frame("welcome")).toMatchObject({ head: 4, positions: { [spoolA]: position } });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.send({ spool: spoolA, from: position, facts: [output("ghi", 6), exited()], checkBefore: 77 });
  expect(await runner.frame("ack")).toMatchObject({ head: 6 });
  expect((await eventsOf(machine)).slice(3)).toMatchObject([
    { seq: 4, type: "gap", process_id: "p1", run: 1, from_offset: 3, to_offset: null, reason },
    { seq: 5, type: "output", offset: 6, data: "ghi" },
    { seq: 6, type: "exited" },
  ]);
  expect(await machine.findProcess("p1")).toMatchObject({ value: { state: "exited", output_bytes: 9 } });
});

test("[D26] a gap that stands for many records moves its spool past them all, also after a sleep", async () => {
  const machine = await machineWithRun();
  const runner = await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 1, next: 900, ...ofRun }]);
  const range = { from_offset: 3, to_offset: 9003, reason: "overflow", records: 800 };
  runner.send(
    { spool: spoolA, from: 4, facts: [{ type: "gap", at: 1, ...ofRun, ...range }, output("end", 9003)] },
    { spool: spoolB, from: 1, facts: [starting("p2")] },
  );
  expect(await runner.frame("ack")).toMatchObject({ head: 6, positions: { [spoolA]: 805, [spoolB]: 2 } });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.send({ spool: spoolA, from: 805, facts: [exited()] });
  expect(await runner.frame("ack")).toMatchObject({ head: 7, positions: { [spoolA]: 806 } });
  expect((await eventsOf(machine)).slice(3)).toMatchObject([
    { seq: 4, type: "gap", process_id: "p1", from_offset: 3, to_offset: 9003, reason: "overflow" },
    { seq: 5, type: "output", offset: 9003, data: "end" },
    { seq: 6, type: "state", process_id: "p2" },
    { seq: 7, type: "exited" },
  ]);
  expect(await machine.findProcess("p1")).toMatchObject({ value: { state: "exited", output_bytes: 9006 } });
});

test("[D19] a gap where the output ended keeps its place, whatever is printed after it", async () => {
  const machine = await machineWithRun();
  const runner = await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 1, next: 9, ...ofRun }]);
  const gap: Fact = { type: "gap", at: 1, ...ofRun, from_offset: null, to_offset: null, reason: "damaged" };
  runner.send({ spool: spoolA, from: 4, facts: [output("de", 3)] }, { spool: spoolB, from: 1, facts: [gap] });
  await runner.frame("ack");
  const told = await eventsOf(machine, 4);
  expect(told).toMatchObject([{ seq: 5, type: "gap", from_offset: 5, to_offset: null }]);
  runner.send({ spool: spoolA, from: 5, facts: [output("fgh", 5)] });
  await runner.frame("ack");
  expect((await eventsOf(machine, 4))[0]).toEqual(told[0]);
});

test("[D17] a loss that was told is not told again, also after a sleep", async () => {
  const machine = await machineWithRun();
  for (let time = 0; time < 3; time++) {
    await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 7, next: 9, ...ofRun }]);
    await evictDurableObject(machine, { webSockets: "close" });
  }
  expect(await machine.view()).toMatchObject({ head: 4 });
});

test("[D17] another record before the next than the one stored: a gap, then the batch, in one acknowledgement", async () => {
  const machine = await machineWithRun();
  const runner = await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 1, next: 5, ...ofRun }]);
  runner.send(
    { spool: spoolB, from: 1, facts: [starting("p2")] },
    { spool: spoolA, from: 4, facts: [output("xyz", 3)], checkBefore: 77 },
  );
  expect(await runner.frame("ack")).toMatchObject({ batch: 1, positions: { [spoolA]: 5, [spoolB]: 2 }, head: 6 });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.send({ spool: spoolA, from: 5, facts: [exited()] });
  expect(await runner.frame("ack")).toMatchObject({ batch: 2, head: 7 });
  expect((await eventsOf(machine, 3)).map(({ seq, type, process_id }) => [seq, type, process_id])).toEqual([
    [4, "gap", "p1"],
    [5, "state", "p2"],
    [6, "output", "p1"],
    [7, "exited", "p1"],
  ]);
});

test("[D17] what the runner's own spool lost, or that of a run that has ended, is a gap of the machine", async () => {
  const machine = await machineWithRun();
  const runner = await ScriptedRunner.welcomed(machine, [{ id: spoolB, first: 5, next: 5 }]);
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  await runner.frame("ack");
  await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 1, next: 2, ...ofRun }]);
  const [own, , ended] = await eventsOf(machine, 3);
  expect(Object.keys(own ?? {})).toEqual(["seq", "type", "timestamp", "reason"]);
  expect(own).toMatchObject({ seq: 4, type: "gap", reason: "missing" });
  expect(Object.keys(ended ?? {})).toEqual(["seq", "type", "timestamp", "reason"]);
  expect(ended).toMatchObject({ seq: 6, type: "gap", reason: "torn" });
});

test("[P6] the end that is stored stays the end, whatever a machine that lost its memory tells of it", async () => {
  const machine = await machineWithRun();
  const runner = await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 1, next: 4, ...ofRun }]);
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  await runner.frame("ack");
  const again: Fact[] = [
    { type: "lost", at: 1, ...ofRun },
    { type: "gap", at: 1, ...ofRun, from_offset: 3, to_offset: null, reason: "damaged" },
    { type: "exited", at: 1, ...ofRun, returncode: null, signal: null, reason: "machine_restarted" },
    { type: "failed", at: 1, ...ofRun, reason: "machine_restarted", detail: "nothing was started" },
    starting("p2"),
  ];
  runner.send({ spool: spoolB, from: 1, facts: again });
  expect(await runner.frame("ack")).toMatchObject({ head: 9, positions: { [spoolB]: 6 } });
  const afterEnd = { type: "gap", reason: "after_end" };
  const check = async (): Promise<void> => {
    const events = await eventsOf(machine, 4);
    expect(events).toMatchObject([afterEnd, afterEnd, afterEnd, afterEnd, { process_id: "p2", state: "starting" }]);
    expect(events.slice(0, 4).some((event) => "process_id" in event)).toBe(false);
    expect(await machine.findProcess("p1")).toMatchObject({ value: { returncode: 0, reason: "exit" } });
  };
  await check();
  await evictDurableObject(machine, { webSockets: "hibernate" });
  await check();
});

test("[P6] an end that is told twice in one batch is stored once", async () => {
  const machine = await machineWithRun();
  const runner = await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 1, next: 4, ...ofRun }]);
  const told: Fact[] = [
    { type: "lost", at: 1, ...ofRun },
    { type: "exited", at: 1, ...ofRun, returncode: null, signal: null, reason: "shim_lost" },
  ];
  runner.send({ spool: spoolB, from: 1, facts: [...told, ...told] });
  await runner.frame("ack");
  const afterEnd = { type: "gap", reason: "after_end" };
  const ends = [{ state: "lost" }, { type: "exited", reason: "shim_lost" }, afterEnd, afterEnd];
  expect(await eventsOf(machine, 3)).toMatchObject(ends);
});

test("[D17] a run whose beginning is lost is known all the same, also after a sleep", async () => {
  const machine = await newMachine();
  await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 3, next: 3, ...ofRun }]);
  await evictDurableObject(machine, { webSockets: "close" });
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 3, facts: [output("late", 40), exited()] });
  await runner.frame("ack");
  await evictDurableObject(machine, { webSockets: "close" });
  expect(await machine.findProcess("p1")).toMatchObject({ value: { state: "exited", output_bytes: 44 } });
  expect((await eventsOf(machine))[0]).toMatchObject({ seq: 1, type: "gap", from_offset: 0 });
});

/** Where a log goes on whose runner was told of `lastSeq`. */
const onwards = (lastSeq: number): number => lastSeq + restoredLeap + 1;

test("[D18] a restored log says so and goes on far above what was ever told, whatever sleeps in between", async () => {
  const machine = await machineWithRun();
  const spools = [{ id: spoolA, first: 6, next: 7, ...ofRun }];
  const runner = await ScriptedRunner.connect(machine);
  runner.hello(spools, { lastSeq: 500 });
  expect(await runner.frame("welcome")).toMatchObject({ head: onwards(500) + 1, positions: { [spoolA]: 6 } });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.send({ spool: spoolA, from: 6, facts: [exited()] });
  expect(await runner.frame("ack")).toMatchObject({ head: onwards(500) + 2 });
  await evictDurableObject(machine, { webSockets: "close" });
  await ScriptedRunner.welcomed(machine, [{ id: spoolA, first: 6, next: 7, ...ofRun }]);
  expect(await eventsOf(machine)).toMatchObject([
    { seq: 1 },
    { seq: 2 },
    { seq: 3, type: "output" },
    { seq: onwards(500), type: "gap", reason: "restored", from_seq: 4, to_seq: onwards(500) - 1 },
    { seq: onwards(500) + 1, type: "gap", reason: "missing", process_id: "p1" },
    { seq: onwards(500) + 2, type: "exited" },
  ]);
});

test("[D18] a runner that was told of no more than the log has changes nothing", async () => {
  const machine = await machineWithRun();
  for (const lastSeq of [0, 2, 3]) {
    const runner = await ScriptedRunner.connect(machine);
    runner.hello([], { lastSeq });
    expect(await runner.frame("welcome")).toMatchObject({ head: 3 });
  }
});

test("[D18] pages begin anywhere in the hole, and pass over it", async () => {
  const machine = await machineWithRun();
  expect(await machine.readEvents(4, 10, {})).toMatchObject({ ok: false });
  const runner = await ScriptedRunner.connect(machine);
  runner.hello([], { lastSeq: 500 });
  await runner.frame("welcome");
  const gap = onwards(500);
  // Asked of the newest batch in memory, and of the tables alone.
  for (const wakes of [false, true]) {
    if (wakes) {
      runner.send({ spool: spoolB, from: 1, facts: [starting("p2")] });
      await runner.frame("ack");
      await evictDurableObject(machine, { webSockets: "hibernate" });
    }
    for (const after of [3, 4, 500, gap - 1]) expect((await eventsOf(machine, after))[0]).toMatchObject({ seq: gap });
  }
  expect(await machine.readEvents(1, 2, {})).toMatchObject({ value: { nextAfter: 3 } });
  expect(await machine.readEvents(3, 1, {})).toMatchObject({ value: { nextAfter: gap } });
});

test("[D18] viewers pass over the hole: those that were there, those that come back from before and from within it", async () => {
  const machine = await machineWithRun();
  const follow = async (after: number): Promise<SocketLog> => {
    const { webSocket } = await openSocket(machine, "events", "longwire.events.v1", testHolder, { after });
    if (webSocket === null) throw new Error("the object opened no socket");
    return new SocketLog(webSocket);
  };
  const there = await follow(3);
  const runner = await ScriptedRunner.connect(machine);
  runner.hello([], { lastSeq: 500 });
  await runner.frame("welcome");
  const logs = [there, await follow(2), await follow(500)];
  runner.send({ spool: spoolB, from: 1, facts: [starting("p2")] });
  const seqs = async (log: SocketLog, count: number): Promise<unknown[]> => {
    const seen: unknown[] = [];
    while (seen.length < count) seen.push((JSON.parse(await log.next()) as Event).seq);
    return seen;
  };
  const gap = onwards(500);
  expect(await Promise.all(logs.map((log, at) => seqs(log, at === 1 ? 3 : 2)))).toEqual([
    [gap, gap + 1],
    [3, gap, gap + 1],
    [gap, gap + 1],
  ]);
});

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { maxFrameBytes, maxTextFrameBytes } from "@longwire/shared/limits.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { exited, output, ScriptedRunner, spoolA, spoolB, started, starting } from "../fixtures/scripted-runner.ts";
import type { Machine } from "./machine.ts";

const rows = (machine: DurableObjectStub<Machine>): Promise<number> =>
  runInDurableObject(machine, (_, state) =>
    Number(state.storage.sql.exec(`SELECT count(*) AS n FROM log_000001`).one()["n"]),
  );

async function textsOf(machine: DurableObjectStub<Machine>, after = 0): Promise<{ seq: number; type: string }[]> {
  const page = await machine.readEvents(after, 10_000, {});
  if (!page.ok) throw new Error(page.refusal.detail);
  return page.value.texts.map((text) => JSON.parse(text) as { seq: number; type: string });
}

test("[D2] a batch of several spools becomes one row, its facts consecutive seqs in the order of the batch", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send(
    { spool: spoolA, from: 1, facts: [starting(), started()] },
    { spool: spoolB, from: 1, facts: [starting("p2")] },
  );
  expect(await runner.frame("ack")).toEqual({
    type: "ack",
    batch: 1,
    positions: { [spoolA]: 3, [spoolB]: 2 },
    head: 3,
  });
  runner.send({ spool: spoolA, from: 3, facts: [output("hello"), exited()] });
  expect(await runner.frame("ack")).toMatchObject({ batch: 2, head: 5 });
  expect(await rows(machine)).toBe(2);
  expect((await textsOf(machine)).map(({ seq, type }) => [seq, type])).toEqual([
    [1, "state"],
    [2, "started"],
    [3, "state"],
    [4, "output"],
    [5, "exited"],
  ]);
});

test("[D3] a repeated batch is acknowledged and not stored again", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const part = { spool: spoolA, from: 1, facts: [starting(), started()] };
  runner.send(part);
  await runner.frame("ack");
  runner.send(part);
  expect(await runner.frame("ack")).toMatchObject({ batch: 2, positions: { [spoolA]: 3 }, head: 2 });
  expect(await rows(machine)).toBe(1);
});

test("[D1] a batch that does not start where its spools stand is not stored, and told where they stand", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting()] });
  await runner.frame("ack");
  const good = { spool: spoolB, from: 1, facts: [starting("p2")] };
  runner.send(good, { spool: spoolA, from: 3, facts: [started()] });
  expect(await runner.frame("rewind")).toEqual({ type: "rewind", batch: 2, positions: { [spoolA]: 2, [spoolB]: 1 } });
  expect(await rows(machine)).toBe(1);
  runner.send(good, { spool: spoolA, from: 2, facts: [started()] });
  expect(await runner.frame("ack")).toMatchObject({ batch: 3, head: 3 });
});

test("[D5] a runner that comes back is told where each of its spools stands, also after the object slept", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started(), output("x")] });
  await runner.frame("ack");
  await evictDurableObject(machine, { webSockets: "close" });
  const again = await ScriptedRunner.connect(machine);
  again.hello([
    { id: spoolA, first: 1, next: 9 },
    { id: spoolB, first: 1, next: 2 },
  ]);
  expect(await again.frame("welcome")).toMatchObject({ head: 3, positions: { [spoolA]: 4, [spoolB]: 1 } });
});

test("[L1] an object that slept on an open link takes the next batch as if nothing had been", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started(), output("abc")] });
  await runner.frame("ack");
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.send({ spool: spoolA, from: 4, facts: [output("def", 3)] });
  expect(await runner.frame("ack")).toMatchObject({ head: 4 });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  const found = await machine.findProcess("web");
  expect(found).toMatchObject({ ok: true, value: { process_id: "p1", state: "running", output_bytes: 6, pid: 4711 } });
  expect(await machine.view()).toMatchObject({ online: true, counts: { live: 1, total: 1 }, head: 4 });
});

test("[L1] waking reads the checkpoint and what came after it, and knows the same", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started()] });
  for (let record = 3; record < 303; record++) {
    runner.send({ spool: spoolA, from: record, facts: [output("x", record - 3)] });
  }
  for (let batch = 1; batch <= 301; batch++) await runner.frame("ack");
  const before = await machine.findProcess("p1");
  await evictDurableObject(machine, { webSockets: "hibernate" });
  expect(await machine.findProcess("p1")).toEqual(before);
  runner.send({ spool: spoolA, from: 303, facts: [exited()] });
  expect(await runner.frame("ack")).toMatchObject({ head: 303 });
  expect((await textsOf(machine)).map(({ seq }) => seq)).toEqual(Array.from({ length: 303 }, (_, at) => at + 1));
});

test("[D6] the newest connection of a machine wins; the older is closed with 4409 and not heard any more", async () => {
  const machine = await newMachine();
  const older = await ScriptedRunner.welcomed(machine);
  const newer = await ScriptedRunner.welcomed(machine);
  expect(await older.log.closed).toMatchObject({ code: 4409 });
  newer.send({ spool: spoolA, from: 1, facts: [starting()] });
  expect(await newer.frame("ack")).toMatchObject({ head: 1 });
});

test("[D6] a batch before hello closes the connection and stores nothing", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.connect(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting()] });
  expect(await runner.log.closed).toMatchObject({ code: 1008 });
  expect(await textsOf(machine)).toEqual([]);
});

test("[D9] a runner of another protocol is told to upgrade", async () => {
  const runner = await ScriptedRunner.connect(await newMachine());
  runner.hello([], { protocol: 99 });
  expect(await runner.log.closed).toMatchObject({ code: 4426 });
});

test.for([
  { name: "cut short", frame: new Uint8Array([200, 0, 0, 0, 1]), code: 1008 },
  { name: "no JSON", frame: new Uint8Array([2, 0, 0, 0, 1, 2]), code: 1008 },
  { name: "too large", frame: new Uint8Array(maxFrameBytes + 1), code: 1009 },
  { name: "a text too large", frame: "x".repeat(maxTextFrameBytes + 1), code: 1009 },
])("[D7] a frame that is $name closes the connection with $code and stores nothing", async ({ frame, code }) => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.socket.send(frame);
  expect(await runner.log.closed).toMatchObject({ code });
  expect(await textsOf(machine)).toEqual([]);
});

test("[D8] a write that fails leaves nothing half done, and the runner starts over from what is stored", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started()] });
  await runner.frame("ack");
  await runInDurableObject(machine, (_, state) => {
    state.storage.sql.exec(`CREATE TRIGGER fail BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  });
  runner.send({ spool: spoolA, from: 3, facts: [output("x"), exited()] });
  expect(await runner.log.closed).toMatchObject({ code: 1011 });
  await runInDurableObject(machine, (_, state) => void state.storage.sql.exec(`DROP TRIGGER fail`));
  const again = await ScriptedRunner.connect(machine);
  again.hello([{ id: spoolA, first: 1, next: 5 }]);
  expect(await again.frame("welcome")).toMatchObject({ head: 2, positions: { [spoolA]: 3 } });
  again.send({ spool: spoolA, from: 3, facts: [output("x"), exited()] });
  expect(await again.frame("ack")).toMatchObject({ head: 4 });
  expect(await machine.findProcess("p1")).toMatchObject({ value: { state: "exited", output_bytes: 1 } });
});

test("[D5] a spool whose files are gone is forgotten, for good", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting()] });
  await runner.frame("ack");
  runner.socket.send(JSON.stringify({ type: "forget", spools: [spoolA] }));
  runner.send({ spool: spoolB, from: 1, facts: [starting("p2")] });
  await runner.frame("ack");
  await evictDurableObject(machine, { webSockets: "close" });
  const again = await ScriptedRunner.connect(machine);
  again.hello([
    { id: spoolA, first: 1, next: 2 },
    { id: spoolB, first: 1, next: 2 },
  ]);
  expect(await again.frame("welcome")).toMatchObject({ positions: { [spoolA]: 1, [spoolB]: 2 } });
});

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { keptTailBytes } from "@longwire/shared/limits.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { exited, output, ScriptedRunner, spoolA, started, starting } from "../fixtures/scripted-runner.ts";
import { Flood, openLog, useSmallLogs } from "../fixtures/small-log.ts";
import type { Machine } from "./machine.ts";
import { retentionOf } from "./retention-of.ts";

useSmallLogs();

const p1 = "p1" as ProcessId;
const decoder = new TextDecoder();

const sleep = async (machine: DurableObjectStub<Machine>): Promise<void> =>
  await evictDurableObject(machine, { webSockets: "hibernate" });

/** Rows of a query on a machine's tables. */
async function query(machine: DurableObjectStub<Machine>, sql: string): Promise<Record<string, SqlStorageValue>[]> {
  return await runInDurableObject(machine, (_, state) => state.storage.sql.exec(sql).toArray());
}

/** The tail of p1's first run, as `[seq, offset, text]`. */
async function tailOf(machine: DurableObjectStub<Machine>, bytes: number): Promise<[number, number, string][]> {
  return await runInDurableObject(machine, (_, state) =>
    openLog(state)
      .tailOf(p1, 1, bytes)
      .map(({ seq, fact, bytes: piece }) => [seq, fact.offset, decoder.decode(piece)]),
  );
}

test("[L3] a log past its bound drops its oldest partitions, and knows their sizes after a sleep", async () => {
  const machine = await newMachine();
  const flood = new Flood(await ScriptedRunner.welcomed(machine));
  await flood.send(3);
  await sleep(machine);
  await flood.send(6);
  await sleep(machine);
  await flood.send(1);
  const partitions = await query(machine, `SELECT id, first_seq, bytes FROM partitions ORDER BY id`);
  const tables = await query(machine, `SELECT name FROM sqlite_master WHERE name LIKE 'log_%' ORDER BY name`);
  expect(tables.map(({ name }) => name)).toEqual(
    partitions.map(({ id }) => `log_${String(Number(id)).padStart(6, "0")}`),
  );
  expect(partitions.map(({ id }) => id)).toEqual([8, 9, 10]);
  for (const { id, bytes } of partitions.slice(0, -1)) {
    const sum = `SELECT sum(length(header) + length(payload)) AS bytes FROM log_00000${Number(id)}`;
    expect(await query(machine, sum)).toEqual([{ bytes }]);
  }
  const held = await runInDurableObject(machine, (_, state) => openLog(state).earliest);
  expect(held).toBe(partitions[0]?.["first_seq"]);
});

test("[L3] what is stored stays within the bound, one row a batch", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  await new Flood(runner).send(12);
  const held = await runInDurableObject(machine, (_, state) =>
    state.storage.sql
      .exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE name LIKE 'log_%' ORDER BY name`)
      .toArray()
      .map(({ name }) =>
        state.storage.sql.exec(`SELECT count(*) AS n, sum(length(payload)) AS bytes FROM ${name}`).one(),
      ),
  );
  expect(held).toEqual([1, 1, 1].map((n) => ({ n, bytes: 262_144 })));
});

test("[L3] a wrong bound is an error that names it, not a guess", () => {
  const env = { RETENTION_BYTES: "256 MiB" } as Parameters<typeof retentionOf>[0];
  expect(() => retentionOf(env)).toThrow(/RETENTION_BYTES must be a whole number/);
});

test("[L1] tables made before partitions had a size get one", async () => {
  const machine = await newMachine();
  const flood = new Flood(await ScriptedRunner.welcomed(machine));
  await flood.send(2);
  await query(machine, `ALTER TABLE partitions DROP COLUMN bytes`);
  await sleep(machine);
  await flood.send(1);
  expect(await query(machine, `SELECT id FROM partitions`)).not.toHaveLength(0);
  expect(await machine.view()).toMatchObject({ head: 13 });
});

test("[L4] a quiet process's output outlives its partition, also across a sleep, until its end is gone too", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started(), output("listening\n")] });
  await runner.frame("ack");
  const flood = new Flood(runner);
  await flood.send(7);
  await sleep(machine);
  expect(await tailOf(machine, 1000)).toEqual([[3, 0, "listening\n"]]);
  runner.send({ spool: spoolA, from: 4, facts: [output("GET /\n", 10)] });
  await runner.frame("ack");
  expect(await tailOf(machine, 1000)).toEqual([
    [3, 0, "listening\n"],
    [33, 10, "GET /\n"],
  ]);
  expect(await tailOf(machine, 3)).toEqual([[33, 10, "GET /\n"]]);
  await flood.send(7);
  await sleep(machine);
  expect(await tailOf(machine, 1000)).toHaveLength(2);
  expect(await machine.findProcess("web")).toMatchObject({ value: { state: "running", pid: 4711, output_bytes: 16 } });

  runner.send({ spool: spoolA, from: 5, facts: [exited()] });
  await runner.frame("ack");
  expect(await tailOf(machine, 1000)).toHaveLength(2);
  await flood.send(7);
  expect(await tailOf(machine, 1000)).toEqual([]);
  expect((await query(machine, `SELECT id FROM kept`)).map(({ id }) => id)).not.toContain("p1.1");
  expect(await machine.findProcess("web")).toMatchObject({ value: { state: "exited", output_bytes: 16 } });
});

test("[L4] no more than the last 64 KiB of a run are kept, whatever it printed before", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting()] });
  await runner.frame("ack");
  const size = 20_000;
  for (let at = 0; at < 12; at++) {
    runner.send({ spool: spoolA, from: at + 2, facts: [output(String(at % 10).repeat(size), at * size)] });
    await runner.frame("ack");
  }
  const flood = new Flood(runner);
  await flood.send(8);
  await sleep(machine);
  await flood.send(1);
  const tail = await tailOf(machine, 1_000_000);
  expect(tail.map(([, offset, text]) => [offset, text[0], text.length])).toEqual([
    [8 * size, "8", size],
    [9 * size, "9", size],
    [10 * size, "0", size],
    [11 * size, "1", size],
  ]);
  expect(4 * size).toBeLessThan(keptTailBytes + size);
  const [row] = await query(machine, `SELECT length(payload) AS bytes FROM kept WHERE id = 'p1.1'`);
  expect(row).toEqual({ bytes: 4 * size });
});

test("[L5] the tail of a run is found in its own rows, beside a flood that came since", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started(), output("one\n"), output("two\n", 4)] });
  await runner.frame("ack");
  await new Flood(runner).send(2);
  await sleep(machine);
  // Whoever walked through the flood would meet a header that is none.
  await query(machine, `UPDATE log_000002 SET header = 'no header'`);
  expect(await tailOf(machine, 4)).toEqual([[4, 4, "two\n"]]);
  expect(await tailOf(machine, 5)).toHaveLength(2);
});

test("[L1] what a live run has printed is known however many runs ended since", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), output("hello")] });
  await runner.frame("ack");
  const others = Array.from({ length: 2000 }, (_, at) => `p${at + 2}`);
  runner.send({ spool: spoolA, from: 3, facts: others.map((process) => exited(process)) });
  await runner.frame("ack");
  expect(await machine.findProcess("web")).toMatchObject({ value: { output_bytes: 5 } });
});

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { maxRecordPayloadBytes, viewerCreditBytes } from "@longwire/shared/limits.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { exited, output, ScriptedRunner, spoolA, spoolB, started, starting } from "../fixtures/scripted-runner.ts";
import { SocketLog } from "../fixtures/socket-log.ts";
import { openSocket } from "../sockets/open-socket.ts";
import type { Machine } from "./machine.ts";
import { testHolder } from "../fixtures/test-holder.ts";

interface View {
  readonly socket: WebSocket;
  readonly log: SocketLog;
}

async function view(machine: DurableObjectStub<Machine>, query: Record<string, string | number> = {}): Promise<View> {
  const { webSocket } = await openSocket(machine, "events", "longwire.events.v1", testHolder, query);
  if (webSocket === null) throw new Error("the object opened no socket");
  return { socket: webSocket, log: new SocketLog(webSocket) };
}

const next = async ({ log }: View): Promise<Record<string, unknown>> =>
  JSON.parse(await log.next()) as Record<string, unknown>;

test("[R1] a viewer gets what it missed and then what happens, one event a message, seqs contiguous", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started()] });
  await runner.frame("ack");
  const viewer = await view(machine, { after: 1 });
  runner.send({ spool: spoolA, from: 3, facts: [output("héllo"), exited()] });
  expect(await next(viewer)).toMatchObject({ seq: 2, type: "started", process_id: "p1", name: "web", pid: 4711 });
  expect(await next(viewer)).toMatchObject({
    seq: 3,
    type: "output",
    command: "run p1",
    stream: "stdout",
    offset: 0,
    data: "héllo",
  });
  expect(await next(viewer)).toMatchObject({ seq: 4, type: "exited", stream: "exit", returncode: 0, signal: null });
});

test("[R1] without a cursor a viewer gets only what comes", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started()] });
  await runner.frame("ack");
  const viewer = await view(machine);
  runner.send({ spool: spoolA, from: 3, facts: [exited()] });
  expect(await next(viewer)).toMatchObject({ seq: 3, type: "exited" });
});

test("[R4] bytes that are not UTF-8 come as base 64, a byte order mark stays", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const viewer = await view(machine);
  const bytes = new Uint8Array([0xff, 0x00, 0x41]);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), output(bytes), output("\u{feff}x", 3)] });
  await next(viewer);
  expect(await next(viewer)).toMatchObject({ data_base64: "/wBB" });
  expect(await next(viewer)).toMatchObject({ data: "\u{feff}x" });
});

test("[R8] a filtered viewer gets only what it asked for, and a page's cursor passes the rest", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const viewer = await view(machine, { process: "other", type: "started" });
  runner.send(
    { spool: spoolA, from: 1, facts: [starting(), started(), output("noise")] },
    { spool: spoolB, from: 1, facts: [starting("p2", "other"), started("p2")] },
  );
  await runner.frame("ack");
  expect(await next(viewer)).toMatchObject({ seq: 5, process_id: "p2", type: "started" });
  expect(await machine.readEvents(0, 10, { type: "nothing" })).toMatchObject({ value: { texts: [], nextAfter: 5 } });
});

const encoder = new TextEncoder();

/** Sends `count` output events of about 64 KiB made of `piece`, each acknowledged. */
async function flood(runner: ScriptedRunner, count: number, piece = "x"): Promise<void> {
  runner.send({ spool: spoolA, from: 1, facts: [starting()] });
  await runner.frame("ack");
  const text = piece.repeat(Math.floor(maxRecordPayloadBytes / encoder.encode(piece).length));
  const size = encoder.encode(text).length;
  for (let at = 0; at < count; at += 4) {
    const facts = [0, 1, 2, 3].map((index) => output(text, (at + index) * size));
    runner.send({ spool: spoolA, from: at + 2, facts });
    await runner.frame("ack");
  }
}

test.for(["x", "€\n"])(
  "[R2] sending pauses at 8 MiB not acknowledged and goes on with the next ack: %j",
  async (piece) => {
    const machine = await newMachine();
    const runner = await ScriptedRunner.welcomed(machine);
    const viewer = await view(machine);
    const count = 160;
    await flood(runner, count, piece);
    let bytes = 0;
    let seq = 0;
    while (bytes < viewerCreditBytes) {
      const text = await viewer.log.next();
      bytes += encoder.encode(text).length;
      seq = (JSON.parse(text) as { seq: number }).seq;
    }
    // The object answers calls in order: whatever it would send by itself it has sent by now.
    await machine.view();
    expect(viewer.log.waiting).toBe(0);
    expect(seq).toBeLessThan(count);
    await evictDurableObject(machine, { webSockets: "hibernate" });
    viewer.socket.send(JSON.stringify({ ack: seq }));
    while (seq < count + 1) expect(await next(viewer)).toMatchObject({ seq: ++seq });
    expect(viewer.log.waiting).toBe(0);
  },
);

test("[R3] a viewer that acknowledges nothing for 60 s is closed with 4408 and its cursor, and resumes complete", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const viewer = await view(machine);
  await flood(runner, 160);
  expect(await runDurableObjectAlarm(machine)).toBe(true);
  expect(viewer.log.waiting).toBeGreaterThan(0);
  await runInDurableObject(machine, (_, state) => {
    for (const socket of state.getWebSockets("viewer")) {
      const attachment = socket.deserializeAttachment() as { paused_at: number };
      socket.serializeAttachment({ ...attachment, paused_at: attachment.paused_at - 60_000 });
    }
  });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  await runInDurableObject(machine, (instance) => instance.alarm());
  const { code, reason } = await viewer.log.closed;
  expect(code).toBe(4408);
  const again = await view(machine, { after: Number(reason) });
  expect(await next(again)).toMatchObject({ seq: Number(reason) + 1 });
});

test("[R2] a viewer that says anything but an acknowledgement is told so and closed", async () => {
  const machine = await newMachine();
  for (const message of ["hello", '{"ack":-1}', '{"type":"batch"}']) {
    const viewer = await view(machine);
    viewer.socket.send(message);
    expect(await viewer.log.closed).toMatchObject({ code: 1008 });
  }
});

test("[R7] a cursor beyond the end of the log is refused, with where the log ends", async () => {
  const machine = await newMachine();
  const response = await openSocket(machine, "events", "longwire.events.v1", testHolder, { after: 7 });
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ code: "invalid_request", errors: [{ path: "after" }] });
  expect(await machine.readEvents(7, 10, {})).toMatchObject({ ok: false });
});

test("[L2] a full partition is followed by another, and readers pass from one to the next", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const count = 1100;
  await flood(runner, count);
  const tables = await runInDurableObject(machine, (_, state) =>
    state.storage.sql.exec(`SELECT id, first_seq FROM partitions ORDER BY id`).toArray(),
  );
  expect(tables).toHaveLength(2);
  await evictDurableObject(machine, { webSockets: "hibernate" });
  const seqs: number[] = [];
  for (let after = 0; after < count + 1;) {
    const page = await machine.readEvents(after, 10_000, {});
    if (!page.ok) throw new Error(page.refusal.detail);
    for (const text of page.value.texts) seqs.push((JSON.parse(text) as { seq: number }).seq);
    after = page.value.nextAfter;
  }
  expect(seqs).toEqual(Array.from({ length: count + 1 }, (_, at) => at + 1));
});

test("[D20] the runner is told when the first viewer comes and when the last one goes, and what holds when it connects", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.connect(machine);
  runner.hello();
  expect(await runner.frame("welcome")).toMatchObject({ attended: false });
  const first = await view(machine);
  expect(await runner.frame("attention")).toMatchObject({ attended: true });
  const second = await view(machine);
  first.socket.close(1000, "done");
  await evictDurableObject(machine, { webSockets: "hibernate" });
  second.socket.close(1000, "done");
  expect(await runner.frame("attention")).toMatchObject({ attended: false });
  expect(runner.log.waiting).toBe(0);
  await view(machine);
  const again = await ScriptedRunner.connect(machine);
  again.hello();
  expect(await again.frame("welcome")).toMatchObject({ attended: true });
});

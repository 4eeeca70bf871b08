import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { errorCatalogue } from "@longwire/shared/errors.ts";
import { viewerCreditBytes } from "@longwire/shared/limits.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { ScriptedRunner } from "../fixtures/scripted-runner.ts";
import { Flood, useSmallLogs } from "../fixtures/small-log.ts";
import { SocketLog } from "../fixtures/socket-log.ts";
import { openSocket } from "../sockets/open-socket.ts";
import { streamEvents } from "../waits/event-stream.ts";
import type { Machine } from "./machine.ts";
import { testHolder, testStanding } from "../fixtures/test-holder.ts";

useSmallLogs();

type Message = Readonly<Record<string, unknown>>;

const sleep = async (machine: DurableObjectStub<Machine>): Promise<void> =>
  await evictDurableObject(machine, { webSockets: "hibernate" });

async function view(
  machine: DurableObjectStub<Machine>,
  after: number,
): Promise<{ socket: WebSocket; log: SocketLog }> {
  const { webSocket } = await openSocket(machine, "events", "longwire.events.v1", testHolder, { after });
  if (webSocket === null) throw new Error("the object opened no socket");
  return { socket: webSocket, log: new SocketLog(webSocket) };
}

const next = async (log: SocketLog): Promise<Message> => JSON.parse(await log.next()) as Message;

/** Ten batches of four events after the first one: the seqs 1 to 41, of which the last twelve are still there. */
async function outgrown(): Promise<{ machine: DurableObjectStub<Machine>; flood: Flood }> {
  const machine = await newMachine();
  const flood = new Flood(await ScriptedRunner.welcomed(machine));
  await flood.send(10);
  await sleep(machine);
  return { machine, flood };
}
const head = 41;
const earliest = 30;

test("[R9] a page of what is gone is refused with the earliest cursor; without a cursor it begins there", async () => {
  const { machine } = await outgrown();
  for (const after of [0, 1, earliest - 2]) {
    const page = await machine.readEvents(after, 10, {});
    expect(page).toMatchObject({ ok: false, refusal: { code: "output_expired", earliest: String(earliest - 1) } });
    if (!page.ok) expect(page.refusal.hint).toContain(`after=${earliest - 1}\``);
  }
  expect(errorCatalogue.output_expired.status).toBe(410);
  const seqsOf = async (after?: number): Promise<unknown[]> => {
    const page = await machine.readEvents(after, 100, {});
    if (!page.ok) throw new Error(page.refusal.detail);
    expect(page.value).toMatchObject({ nextAfter: head, head });
    return page.value.texts.map((text) => (JSON.parse(text) as Message)["seq"]);
  };
  const there = Array.from({ length: head - earliest + 1 }, (_, at) => earliest + at);
  expect(await seqsOf()).toEqual(there);
  expect(await seqsOf(earliest - 1)).toEqual(there);
});

test("[R9] a log that lost nothing yet refuses no cursor", async () => {
  const machine = await newMachine();
  expect(await machine.readEvents(0, 10, {})).toMatchObject({ ok: true, value: { nextAfter: 0, head: 0 } });
  await new Flood(await ScriptedRunner.welcomed(machine)).send(2);
  expect(await machine.readEvents(0, 10, {})).toMatchObject({ ok: true, value: { nextAfter: 9 } });
});

test("[R9] a socket that asks for what is gone is told once, and goes on with the earliest event", async () => {
  const { machine, flood } = await outgrown();
  const viewer = await view(machine, 3);
  expect(await next(viewer.log)).toEqual({ type: "expired", from_seq: 4, to_seq: earliest - 1 });
  await sleep(machine);
  await flood.send(1);
  for (let seq = earliest; seq <= head + 4; seq++) expect(await next(viewer.log)).toMatchObject({ seq });
  expect(viewer.log.waiting).toBe(0);
});

test("[R9] a viewer slower than the log is told what it missed as soon as it reads on, also after a sleep", async () => {
  const machine = await newMachine();
  const flood = new Flood(await ScriptedRunner.welcomed(machine));
  await flood.send(1);
  const { socket, log } = await view(machine, 0);
  await flood.send(33);
  let seq = 0;
  for (let bytes = 0; bytes < viewerCreditBytes;) {
    const text = await log.next();
    expect(JSON.parse(text)).toMatchObject({ seq: ++seq });
    bytes += text.length;
  }
  await flood.send(8);
  expect(log.waiting).toBe(0);
  await sleep(machine);
  socket.send(JSON.stringify({ ack: seq }));
  const { head: end } = await machine.view();
  const expired = await next(log);
  expect(expired).toEqual({ type: "expired", from_seq: seq + 1, to_seq: end - 12 });
  for (let at = end - 11; at <= end; at++) expect(await next(log)).toMatchObject({ seq: at });
});

test("[R9] a stream of server-sent events names the frame and gives it no id", async () => {
  const { machine } = await outgrown();
  const gone = new AbortController();
  const stream = { machine, standing: testStanding, after: undefined, filter: { type: "output" }, signal: gone.signal };
  const response = await streamEvents({ ...stream, lastEventId: "5" });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("id: ")) text += (await reader?.read())?.value ?? "";
  gone.abort();
  const [, expired, first] = text.split("\n\n");
  expect(expired).toBe(`event: expired\ndata: {"type":"expired","from_seq":6,"to_seq":${earliest - 1}}`);
  expect(first).toMatch(new RegExp(`^id: ${earliest}\ndata: \\{"seq":${earliest},`));
});

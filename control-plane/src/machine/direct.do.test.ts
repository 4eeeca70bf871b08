import { evictDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { BinaryViewer } from "../fixtures/binary-viewer.ts";
import { testHolder } from "../fixtures/test-holder.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { openSocket } from "../sockets/open-socket.ts";
import type { Machine } from "./machine.ts";
import { ScriptedRunner, spoolA, started, starting } from "../fixtures/scripted-runner.ts";

const MiB = 1024 * 1024;
const input = { text: "hello", enter: true, close: false };

/** A machine with the process `web` on pipes, its runner, and a viewer whose token may do everything to runs. */
async function open(): Promise<{ runner: ScriptedRunner; viewer: BinaryViewer; machine: DurableObjectStub<Machine> }> {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started()] });
  await runner.frame("ack");
  return { machine, runner, viewer: await BinaryViewer.open(machine, MiB) };
}

test("[P47] what a viewer types goes to the runner as it comes, and is answered by its number, also after the object slept", async () => {
  const { machine, runner, viewer } = await open();
  viewer.say({ type: "input", n: 1, process: "web", input });
  viewer.say({ type: "resize", n: 2, process: "p1", size: { cols: 100, rows: 30 } });
  const typed = await runner.frame("direct");
  expect(typed.operation).toEqual({ op: "input", process: "p1", input });
  const resized = await runner.frame("direct");
  expect(resized.operation).toEqual({ op: "resize", process: "p1", size: { cols: 100, rows: 30 } });
  const refusal = { code: "invalid_request", detail: "p1 has no terminal." };
  runner.socket.send(JSON.stringify({ type: "directed", id: resized.id, ...refusal }));
  runner.socket.send(JSON.stringify({ type: "directed", id: typed.id }));
  expect(await viewer.control("acted")).toEqual({ type: "acted", n: 2, ...refusal });
  expect(await viewer.control("acted")).toEqual({ type: "acted", n: 1 });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  viewer.say({ type: "interrupt", n: 3, process: "web" });
  const { id, operation } = await runner.frame("direct");
  expect(operation).toEqual({ op: "signal", process: "p1", signal: "SIGINT", tree: false });
  runner.socket.send(JSON.stringify({ type: "directed", id }));
  expect(await viewer.control("acted")).toEqual({ type: "acted", n: 3 });
});

test("[P47] what cannot be done is refused by its number: no such process, no scope, no runner, none that answers", async () => {
  const { machine, runner, viewer } = await open();
  viewer.say({ type: "input", n: 1, process: "nobody", input });
  expect(await viewer.control("acted")).toMatchObject({ n: 1, code: "not_found" });
  const reader = await BinaryViewer.open(machine, MiB, { ...testHolder, scopes: ["read", "run"] });
  reader.say({ type: "input", n: 1, process: "web", input });
  expect(await reader.control("acted")).toMatchObject({ n: 1, code: "insufficient_scope" });
  reader.say({ type: "resize", n: 2, process: "web", size: { cols: 80, rows: 24 } });
  expect(await reader.control("acted")).toMatchObject({ n: 2, code: "insufficient_scope" });
  viewer.say({ type: "interrupt", n: 2, process: "web" });
  await runner.frame("direct");
  runner.socket.close(1000);
  await viewer.control("status");
  expect(await viewer.control("acted")).toMatchObject({ n: 2, code: "runner_timeout" });
  viewer.say({ type: "interrupt", n: 3, process: "web" });
  expect(await viewer.control("acted")).toMatchObject({ n: 3, code: "machine_offline" });
});

test("[P47] one viewer has no more than a bounded number of acts waiting", async () => {
  const { viewer } = await open();
  for (let n = 1; n <= 257; n++) viewer.say({ type: "interrupt", n, process: "web" });
  expect(await viewer.control("acted")).toMatchObject({ n: 257, code: "limit_reached" });
});

test("[P47] [T57] who typed over a socket and how much, and each signal, is in the audit", async () => {
  const { machine, runner, viewer } = await open();
  const actor = { kind: "operator", token_id: "tok_1", name: "me" } as const;
  const query = { actor: JSON.stringify(actor) };
  const { webSocket: socket } = await openSocket(machine, "viewer", "longwire.viewer.v1", testHolder, query);
  socket?.accept();
  for (const request of [
    { type: "input", n: 1, process: "web", input },
    { type: "interrupt", n: 2, process: "web" },
  ]) {
    socket?.send(JSON.stringify(request));
    const { id } = await runner.frame("direct");
    runner.socket.send(JSON.stringify({ type: "directed", id }));
  }
  // Answered after the others, so those are done.
  viewer.say({ type: "interrupt", n: 1, process: "nobody" });
  await viewer.control("acted");
  socket?.close(1000);
  const entries = await vi.waitUntil(async () => {
    const { items } = await machine.readAudit({ after: 0, limit: 100 });
    return items.at(-1)?.act === "viewer_left" && items;
  });
  expect(entries.slice(-2)).toMatchObject([
    { actor, act: "signal", target: "p1", detail: "SIGINT", outcome: "done" },
    { actor, act: "viewer_left", target: "binary", detail: "typed 6 bytes" },
  ]);
});

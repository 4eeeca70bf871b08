// What a manager of command-line tools is used for, by the rows of docs/founding.md.

import { expect, test } from "vitest";
import type { Machine, Process, StopAnswer } from "@longwire/shared/api/views.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { survivorsOf, treeOf } from "../../support/process-tree.ts";
import { root } from "../../support/product.ts";
import { useProduct } from "../../support/use-product.ts";

const policy = new PolicyFile({
  mode: "named",
  roots: { here: root },
  commands: {
    // Interactive, and one-shot with what the caller gives.
    assistant: { root: "here", command: "sh -i", tty: true, env: { PS1: "ready " }, tags: ["assistant"] },
    ask: {
      ...{ root: "here", argv: ["node", "-e", "console.log('answer to ' + process.argv[1])", "{prompt}"] },
      params: { prompt: { type: "string", required: true } },
    },
  },
});
const on = useProduct({ args: ["--policy", policy.path, "--allow-all"] });
const quiet = { command: "sleep 1000" };

const stopAll = (body: object): Promise<{ body: { items: StopAnswer[] } }> =>
  on.api.call<{ items: StopAnswer[] }>("POST", "/processes/stop", body);

test("[P11] [C1] C1: twenty run at once; the next is refused with what to do, and nothing of it is started", async () => {
  await Promise.all(Array.from({ length: 20 }, () => on.api.start(quiet)));
  const { counts } = await on.api.machine();
  const { status, body } = await on.api.call("POST", "/processes", quiet);
  expect([status, body.code]).toEqual([409, "limit_reached"]);
  expect(body.detail).toBe("20 processes live on this machine, which is the most it allows.");
  expect(body.hint).toMatch(/Stop something that is not needed, or start it with a `queue`/);
  expect((await on.api.machine()).counts).toEqual(counts);
  const { items } = (await stopAll({ all: true })).body;
  expect(items.map(({ stopped }) => stopped)).toEqual(Array.from({ length: 20 }, () => true));
});

test("[P30] C2 C3: what is idle too long, or takes too much time, processor, memory or files, is ended with its reason", async () => {
  const node = (script: string): object => ({ argv: ["node", "-e", script] });
  const files = "for (let at = 0; at < 200; at++) require('node:fs').openSync('/dev/null'); setInterval(() => 0, 1e6)";
  const cases = {
    idle_timeout: { command: "echo once; sleep 1000", limits: { idle_ms: 500 } },
    timeout: { ...quiet, limits: { run_ms: 500 } },
    cpu: { ...node("for (;;);"), limits: { cpu_ms: 300 } },
    memory: {
      ...node("globalThis.held = Buffer.alloc(300e6, 1); setInterval(() => 0, 1e6)"),
      limits: { memory_bytes: 200e6 },
    },
    open_files: { ...node(files), limits: { open_files: 100 } },
  };
  const ended = Object.values(cases).map(async (request) => {
    const process = await on.api.start(request);
    const tree = treeOf(process.pid ?? 0);
    const { reason } = await on.api.ended(process.process_id);
    expect(survivorsOf(tree)).toEqual([]);
    return reason;
  });
  expect(await Promise.all(ended)).toEqual(Object.keys(cases));
});

test("[P41] [T12] C4: the owner's file names one-shot and interactive commands, and callers give no more than it lets them", async () => {
  const { commands } = await on.api.machine();
  expect(commands.map(({ name, params }) => [name, Object.keys(params)])).toEqual([
    ["assistant", []],
    ["ask", ["prompt"]],
  ]);
  const once = await on.api.startUntil("until=exit", { use: "ask", params: { prompt: "why; rm -rf /" } });
  expect(once).toMatchObject({ use: "ask", returncode: 0, wait: { output: "answer to why; rm -rf /\n" } });
  const refused = await on.api.call("POST", "/processes", { use: "ask", params: { prompt: "x", model: "y" } });
  expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([422, "params.model"]);
  const session = await on.api.startUntil("until=match&pattern=^ready", { use: "assistant" });
  expect(session).toMatchObject({ name: "assistant", use: "assistant", tty: true, state: "running" });
});

test("[P26] [R12] C5: a session is used again by its name, and a command in it answers with what came back in its time", async () => {
  const open = { use: "assistant", if_running: "reuse" };
  const first = await on.api.call<Process>("POST", "/processes", open);
  const again = await on.api.call<Process>("POST", "/processes", open);
  expect([again.status, again.body.process_id, again.body.run]).toEqual([200, first.body.process_id, first.body.run]);
  const answered = await on.api.input("assistant", "until=match&pattern=^ready%20$", {
    text: "echo $((6 * 7))",
    enter: true,
  });
  expect(answered).toMatchObject({ ended_by: "match", output: expect.stringContaining("\n42\r\n") as string });
  const late = await on.api.input("assistant", "until=match&pattern=^never$&wait_ms=1000", {
    ...{ text: "echo par''tial; sleep 1000", enter: true },
  });
  expect(late).toMatchObject({ ended_by: "time_up", output: expect.stringContaining("\npartial\r\n") as string });
  const back = await on.api.input("assistant", "until=match&pattern=^ready%20$", { keys: ["Ctrl-C"] });
  expect(back).toMatchObject({ ended_by: "match", process: { state: "running" } });
});

test("[P37] [P39] C6: the report says of each session whether it lives, since when it is silent and what it takes, and of all", async () => {
  const { body } = await on.api.call<{ items: Process[] }>("GET", "/processes?state=running&metrics=true");
  expect(body.items.map(({ name }) => name)).toEqual(["assistant"]);
  const { metrics } = body.items[0] ?? {};
  for (const amount of [metrics?.memory_bytes, metrics?.open_handles, metrics?.processes])
    expect(amount).toBeGreaterThan(0);
  expect(metrics?.idle_ms).toBeGreaterThanOrEqual(0);
  expect(metrics?.cpu_percent).toBeGreaterThanOrEqual(0);
  const machine = (await on.api.call<Machine>("GET", "?metrics=true")).body;
  expect(machine).toMatchObject({ online: true, counts: { live: 1 } });
  expect(machine.metrics?.total.processes).toBeGreaterThan(0);
  expect(machine.metrics?.total.memory_bytes).toBeGreaterThan(0);
});

test("[P7] C7: all of one profile are ended, whatever runs beside them", async () => {
  await on.api.startUntil("until=match&pattern=^ready", { use: "assistant", name: "second" });
  const other = await on.api.start(quiet);
  const { items } = (await stopAll({ tag: "assistant", grace_ms: 300 })).body;
  expect(items.every(({ stopped }) => stopped)).toBe(true);
  expect(new Set(items.map(({ process }) => process.name))).toEqual(new Set(["assistant", "second"]));
  expect((await on.api.process(other.process_id)).state).toBe("running");
});

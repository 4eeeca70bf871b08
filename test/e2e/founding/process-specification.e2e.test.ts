// What a library for processes and terminals specifies, by the rows of docs/founding.md.

import { existsSync, mkdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { Machine, Process } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { bytesOf } from "../../support/api.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { useProduct } from "../../support/use-product.ts";
import { ViewerSocket } from "../../support/viewer-socket.ts";

const policy = new PolicyFile();
const on = useProduct({ args: ["--allow-all", "--policy", policy.path] });

/** Status and code of a refused request below `/processes`. */
async function refusal(to: string, body: object = {}): Promise<[number, string]> {
  const answer = await on.api.call("POST", `/processes${to}`, body);
  return [answer.status, answer.body.code];
}

test("[P4] [P12] B1: a process has the command, arguments, folder and environment it was started with, and a handle", async () => {
  const folder = path.join(realpathSync(on.product.data), "here");
  mkdirSync(folder);
  const script = "console.log(JSON.stringify([process.argv.slice(1), process.cwd(), process.env.GIVEN]))";
  const argv = ["node", "-e", script, "two words", "$HOME"];
  const { wait, ...process } = await on.api.startUntil("until=exit", { argv, cwd: folder, env: { GIVEN: "yes" } });
  expect(JSON.parse(wait.output)).toEqual([["two words", "$HOME"], folder, "yes"]);
  expect(process).toMatchObject({ argv, cwd: folder, state: "exited", returncode: 0, tty: false });
  const types = (await on.api.events(0, `&process=${process.process_id}`)).map(({ type }) => type);
  expect([types[0], types[1], types.at(-1)]).toEqual(["state", "started", "exited"]);
});

test("[P18] B2: a terminal is 80×24 unless it is told otherwise, is written to and resized", async () => {
  await on.api.startUntil("until=match&pattern=^ready", {
    command: "sh -i",
    tty: true,
    name: "sh",
    env: { PS1: "ready " },
  });
  const size = { text: "stty size", enter: true };
  expect((await on.api.input("sh", "until=match&pattern=^24 80$", size)).ended_by).toBe("match");
  await on.api.call("POST", "/processes/sh/resize", { cols: 132, rows: 50 });
  expect((await on.api.input("sh", "until=match&pattern=^50 132$", size)).ended_by).toBe("match");
  expect(await on.api.stop("sh", { grace_ms: 300 })).toMatchObject({ stopped: true, survivors: [] });
});

test("[T1] [R14] B3: the socket needs a token, and shows what is executed, typed and resized", async () => {
  const address = `${on.product.ready.url.replace(/^http/, "ws")}/v1/machines/-/ws`;
  const stranger = new WebSocket(address, "longwire.viewer.v1", { headers: { Authorization: "Bearer lw_no" } });
  const status = await new Promise((resolve) => {
    stranger.on("unexpected-response", (_, response) => resolve(response.statusCode));
    stranger.on("open", () => resolve("open"));
    stranger.on("error", () => undefined);
  });
  expect(status).toBe(401);
  stranger.terminate();
  const viewer = await ViewerSocket.open(on.product.ready, 1024 * 1024);
  viewer.say({ type: "subscribe", id: 1, tag: "watched" });
  await waitUntil("it is subscribed", () => viewer.controls.some(({ type }) => type === "subscribed"));
  await on.api.startUntil("until=match&pattern=^%5C%24", {
    ...{ command: "sh -i", tty: true, name: "typed", tags: ["watched"], env: { PS1: "$ " } },
  });
  await on.api.call("POST", "/processes/typed/resize", { cols: 99, rows: 11 });
  await on.api.input("typed", "until=match&pattern=^11 99$", { text: "stty size", enter: true });
  await on.api.input("typed", "until=exit", { text: "exit 4", enter: true });
  await waitUntil("the exit is seen", () => viewer.events.at(-1)?.type === "exited");
  const seen = Buffer.concat(viewer.events.flatMap(({ payload }) => payload ?? [])).toString();
  expect(seen).toMatch(/\$ stty size\r\n11 99\r\n\$ exit 4\r\n/);
  expect(viewer.events.at(-1)).toMatchObject({ returncode: 4, process_id: (await on.api.process("typed")).process_id });
  viewer.close();
});

test("[R4] B4: output, errors and status come as events, as text where it is UTF-8 and as base 64 where it is not", async () => {
  const command = "printf 'gr\\303\\274n\\n'; printf '\\377\\376\\000' >&2";
  const { process_id: id } = await on.api.startUntil("until=exit", { command });
  const events = await on.api.events(0, `&process=${id}`);
  const output = events.filter(({ type }) => type === "output");
  expect(
    output
      .filter(({ stream }) => stream === "stdout")
      .map(({ data }) => data)
      .join(""),
  ).toBe("grün\n");
  const errors = output.filter(({ stream }) => stream === "stderr");
  expect(errors.every(({ data, data_base64: base64 }) => data === undefined && base64 !== undefined)).toBe(true);
  expect(Buffer.concat(errors.map(bytesOf))).toEqual(Buffer.from([0xff, 0xfe, 0x00]));
  expect(
    events.filter(({ type }) => type !== "output" && type !== "command").map(({ type, state }) => state ?? type),
  ).toEqual([...["starting", "started", "exited"]]);
});

test("[P1] B6: a run goes through its states, and what does not fit the one it is in is refused", async () => {
  const queue = { name: "line", parallel: 1 };
  await on.api.start({ command: "sleep 1000", name: "first", queue });
  expect(
    await on.api.start({ command: "trap '' INT; echo up; while :; do sleep 0.05; done", name: "second", queue }),
  ).toMatchObject({
    ...{ state: "pending", waiting_for: "queue", pid: null },
  });
  expect(await refusal("/second/pause")).toEqual([422, "invalid_request"]);
  expect(await refusal("/second/input", { text: "x" })).toEqual([422, "invalid_request"]);
  await on.api.stop("first");
  await on.api.call("GET", "/processes/second/wait?until=match&pattern=^up$");
  await on.api.call("POST", "/processes/second/pause", {});
  expect((await on.api.process("second")).state).toBe("paused");
  expect((await on.api.call("DELETE", "/processes/second")).body.code).toBe("process_running");
  await on.api.call("POST", "/processes/second/resume", {});
  const stopping = on.api.stop("second", { grace_ms: 20_000 });
  await waitUntil("it is stopping", async () => (await on.api.process("second")).state === "stopping");
  expect(await refusal("/second/pause")).toEqual([409, "process_ended"]);
  await on.api.call("POST", "/processes/second/signal", { signal: "SIGKILL", tree: true });
  expect(await stopping).toMatchObject({ stopped: true, process: { state: "exited", reason: "stopped" } });
  for (const what of ["pause", "resume"]) expect(await refusal(`/second/${what}`)).toEqual([409, "process_ended"]);
  expect(await refusal("/second/signal", { signal: "SIGTERM" })).toEqual([409, "process_ended"]);
  const states = (await on.api.events(0, "&process=second&type=state")).map(({ state }) => state);
  expect(states).toEqual(["pending", "starting", "paused", "running", "stopping"]);
  const failed = await on.api.start({ argv: ["no-such-program"] });
  expect(failed).toMatchObject({ state: "failed", reason: "spawn_failed" });
  expect(await refusal(`/${failed.process_id}/resume`)).toEqual([409, "process_ended"]);
});

test("[P11] [P30] B7: how many run is bounded before a start, how much memory one takes while it runs", async () => {
  policy.write({ limits: { processes: 1 } });
  const grow = "const held = []; setInterval(() => held.push(Buffer.alloc(4e6, 1)), 20)";
  const greedy = await on.api.start({ argv: ["node", "-e", grow], limits: { memory_bytes: 150e6 } });
  expect(await refusal("", { command: "true" })).toEqual([409, "limit_reached"]);
  expect(await on.api.ended(greedy.process_id)).toMatchObject({ state: "exited", reason: "memory" });
  const events = await on.api.events(0, `&process=${greedy.process_id}&type=limit`);
  expect(events).toMatchObject([{ limit: "memory_bytes", allowed: 150e6 }]);
  expect((await on.api.startUntil("until=exit", { command: "true" })).returncode).toBe(0);
  policy.write({});
});

test("[P28] [P27] B8: a job waits its time, and is tried again, ever later, until it succeeds", async () => {
  const file = path.join(on.product.data, "attempts");
  const command = `echo try >> '${file}'; [ $(wc -l < '${file}') -ge 3 ]`;
  const restart = { policy: "on_failure", max: 5, delay_ms: 50 };
  const queue = { name: "jobs", priority: 7, delay_ms: 500, parallel: 2 };
  const job = await on.api.start({ command, restart, queue });
  expect(job).toMatchObject({ state: "pending", waiting_for: "delay" });
  expect(existsSync(file)).toBe(false);
  const last = await waitUntil("it succeeds", async () => {
    const process = await on.api.process(job.process_id);
    return process.returncode === 0 && process;
  });
  expect(last).toMatchObject({ run: 3, restarts: 2, state: "exited" });
});

test("[P6] [P7] [P2] B9: each way to end has its name", async () => {
  const end = async (request: object): Promise<Partial<Process>> =>
    await on.api.ended((await on.api.start(request)).process_id);
  expect(await end({ command: "exit 3" })).toMatchObject({ reason: "exit", returncode: 3, signal: null });
  expect(await end({ command: "kill -9 $$" })).toMatchObject({ reason: "signal", returncode: null, signal: "SIGKILL" });
  expect(await end({ argv: ["no-such-program"] })).toMatchObject({ state: "failed", reason: "spawn_failed" });
  expect(await end({ command: "sleep 1000", limits: { run_ms: 200 } })).toMatchObject({ reason: "timeout" });
  const deaf = "trap '' INT TERM; echo up; while :; do sleep 0.05; done";
  const { process_id: id } = await on.api.startUntil("until=match&pattern=^up$", { command: deaf });
  // TERM, its time, then KILL: what does not listen is ended all the same.
  expect(await on.api.stop(id, { signal: "SIGTERM", grace_ms: 200 })).toMatchObject({
    ...{ stopped: true, survivors: [], process: { reason: "stopped", signal: "SIGKILL", returncode: null } },
  });
});

test("[P37] [P39] B10: what a run uses is told while one asks, and summed up over the machine", async () => {
  const script = `const { readFileSync, openSync } = require("node:fs");
    for (let at = 0; at < 30; at++) openSync("/dev/null");
    const held = Buffer.alloc(60e6, 1);
    for (const until = Date.now() + 300; Date.now() < until; ) readFileSync(process.execPath, { flag: "r" }).at(held[0]);
    console.log("done"); setInterval(() => held, 1e6)`;
  const { process_id: id } = await on.api.startUntil("until=match&pattern=^done$", { argv: ["node", "-e", script] });
  const { body } = await on.api.call<Process>("GET", `/processes/${id}?metrics=true`);
  const { metrics } = body;
  if (metrics === null || metrics === undefined) throw new Error(`no metrics: ${body.metrics_reason}`);
  expect(metrics.processes).toBe(1);
  expect(metrics.memory_bytes).toBeGreaterThan(60e6);
  expect(metrics.cpu_user_ms + metrics.cpu_system_ms).toBeGreaterThan(100);
  expect(metrics.open_handles).toBeGreaterThan(30);
  expect(metrics.read_bytes).toBeGreaterThan(1e6);
  expect(metrics.written_bytes).toBeGreaterThanOrEqual("done\n".length);
  const machine = (await on.api.call<Machine>("GET", "?metrics=true")).body.metrics;
  expect(machine?.total.memory_bytes).toBeGreaterThan(60e6);
  expect(machine?.total.open_handles).toBeGreaterThan(30);
  expect(machine?.memory_total_bytes).toBeGreaterThan(machine?.total.memory_bytes ?? 0);
  await on.api.stop(id);
});

test("[P26] [P28] [P29] B11: one that fits is used again, a free one is waited for, and it is asked whether it is well", async () => {
  const flag = path.join(on.product.data, "well");
  const worker = { command: "sleep 1000", name: "worker", queue: { name: "pool", parallel: 1 }, if_running: "reuse" };
  const first = await on.api.start(worker);
  const again = await on.api.call<Process>("POST", "/processes", worker);
  expect([again.status, again.body.process_id, again.body.run]).toEqual([200, first.process_id, 1]);
  const other = await on.api.start({
    ...{ command: `touch '${flag}'; sleep 1000`, name: "other", queue: worker.queue },
    ready: { command: `test -e '${flag}'` },
  });
  expect(other).toMatchObject({ state: "pending", waiting_for: "queue" });
  await on.api.stop("worker");
  const { body } = await on.api.call<{ ended_by: string }>("GET", "/processes/other/wait?until=ready&wait_ms=30000");
  expect(body).toMatchObject({ ended_by: "ready", process: { state: "running", ready: true } });
  await on.api.stop("other");
});

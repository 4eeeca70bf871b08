import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { Process, StartedAnswer, WaitAnswer } from "@longwire/shared/api/views.ts";
import type { Answer } from "../support/api.ts";
import { outputOf } from "../support/api.ts";
import { treeOf } from "../support/process-tree.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

const until = (pattern: string): string =>
  `until=match&until=exit&pattern=${encodeURIComponent(pattern)}&wait_ms=20000`;

async function open(request: object, prompt: string): Promise<StartedAnswer> {
  const { status, body } = await on.api.call<StartedAnswer>("POST", `/processes?${until(prompt)}`, request);
  expect([status, body.wait?.ended_by]).toEqual([201, "match"]);
  return body;
}

const input = (name: string, body: object, query: string): Promise<Answer<WaitAnswer>> =>
  on.api.call<WaitAnswer>("POST", `/processes/${name}/input?${query}`, body);

const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const sessions = [
  { name: "node", argv: ["node", "-i"], prompt: "^> ?$", ask: (at: number) => `${at} * 7`, end: ".exit" },
  { name: "python", argv: ["python3", "-q", "-i"], prompt: "^>>> ?$", ask: (at: number) => `${at} * 7`, end: "exit()" },
  { name: "sqlite", argv: ["sqlite3"], prompt: "^sqlite> ?$", ask: (at: number) => `select ${at} * 7;`, end: ".exit" },
].filter(({ argv }) => has(argv[0] ?? ""));

test.for(sessions)("[P20] a session with $name, driven by ten inputs, each of them answered whole", async (session) => {
  const { name, argv, prompt, ask, end } = session;
  await open({ argv, name, tty: true, cols: 120, rows: 40 }, prompt);
  for (let at = 1; at <= 10; at++) {
    const { status, body } = await input(name, { text: ask(at), enter: true }, until(prompt));
    expect([status, body.ended_by]).toEqual([200, "match"]);
    expect(stripVTControlCharacters(body.output)).toMatch(new RegExp(`[\r\n]${at * 7}\r\n`));
  }
  const ended = await input(name, { text: end, enter: true }, "until=exit&wait_ms=20000");
  expect(ended.body).toMatchObject({ ended_by: "exit", process: { state: "exited", returncode: 0, tty: true } });
});

test("[P18] Ctrl-C ends what a session computes, and not the session", async () => {
  await open({ argv: ["node", "-i"], name: "busy", tty: true }, "^> ?$");
  await input("busy", { text: "console.log('be' + 'gun'); while (true) {}", enter: true }, until("^begun$"));
  const stopped = await input("busy", { keys: ["Ctrl-C"] }, until("^> ?$"));
  expect(stopped.body).toMatchObject({ ended_by: "match", process: { state: "running" } });
  expect(stopped.body.output).toContain("interrupted");
  const after = await input("busy", { text: "'still ' + 'here'", enter: true }, until("^'still here'$"));
  expect(after.body).toMatchObject({ ended_by: "match" });
  expect(await on.api.stop("busy", { grace_ms: 500 })).toMatchObject({ stopped: true, survivors: [] });
});

test("[P18] a terminal has the size it is given, at its start and later", async () => {
  await open({ command: "sh -i", name: "sized", tty: true, cols: 101, rows: 33, env: { PS1: "ready " } }, "^ready");
  const size = { text: "stty size", enter: true };
  expect((await input("sized", size, until("^33 101$"))).body.ended_by).toBe("match");
  const resized = await on.api.call<{ process: Process }>("POST", "/processes/sized/resize", { cols: 77, rows: 22 });
  expect([resized.status, resized.body.process.state]).toEqual([200, "running"]);
  expect((await input("sized", size, until("^22 77$"))).body.ended_by).toBe("match");
  await on.api.stop("sized", { grace_ms: 500 });
  const flat = await on.api.start({ command: "sleep 60", name: "flat" });
  const refused = await on.api.call("POST", "/processes/flat/resize", { cols: 77, rows: 22 });
  expect([refused.status, refused.body.code]).toEqual([422, "invalid_request"]);
  expect((await on.api.call("POST", "/processes/flat/input", { keys: ["Up"] })).status).toBe(422);
  await on.api.stop(flat.process_id);
});

test("[P20] what a start brings as its input, and what comes later, reach a program on pipes", async () => {
  const { body } = await on.api.call<StartedAnswer>("POST", "/processes?until=exit&wait_ms=20000", {
    argv: ["sort"],
    stdin: "pear\napple\n",
  });
  expect(body).toMatchObject({ state: "exited", returncode: 0, wait: { output: "apple\npear\n" } });
  await on.api.start({ argv: ["cat"], name: "cat" });
  expect((await input("cat", { text: "one", enter: true }, until("^one$"))).body.output).toBe("one\n");
  const closed = await input("cat", { text: "two", close: true }, "until=exit&wait_ms=20000");
  expect(closed.body).toMatchObject({ ended_by: "exit", output: "two", process: { returncode: 0 } });
  const late = await on.api.call("POST", "/processes/cat/input", { text: "three" });
  expect([late.status, late.body.code]).toEqual([409, "process_ended"]);
  const told = (await on.api.events(0, "&process=cat&type=input")).map(({ bytes, closed: end }) => [bytes, end]);
  expect(told).toEqual([
    [4, false],
    [3, true],
  ]);
});

test("[P21] merged streams come as one, in the order they were written in", async () => {
  const command = "for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done";
  const { body } = await on.api.call<StartedAnswer>("POST", "/processes?until=exit&wait_ms=20000", {
    command,
    merge: true,
  });
  const lines = [1, 2, 3, 4, 5].map((at) => `out ${at}\nerr ${at}\n`);
  expect(body.wait.output).toBe(lines.join(""));
  const events = await on.api.events(0, `&process=${body.process_id}`);
  expect(outputOf(events, body.process_id).toString()).toBe(lines.join(""));
  expect(events.flatMap(({ type, stream }) => (type === "output" ? [stream] : []))).not.toContain("stderr");
});

const stateOf = (pid: number): string => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1] ?? "";

test("[P22] a pause halts the tree, a resume lets it go on, and the log says both", async () => {
  const started = await on.api.start({ command: "while :; do echo tick; sleep 0.1; done", name: "clock" });
  const tree = (): number[] => treeOf(started.pid ?? 0).map(({ pid }) => pid);
  const paused = await on.api.call<{ process: Process }>("POST", "/processes/clock/pause");
  expect(paused.body.process.state).toBe("paused");
  await waitUntil("each process of the tree is halted", () => tree().every((pid) => stateOf(pid) === "T"));
  // What it had printed before may still be on its way.
  await on.api.call("GET", "/processes/clock/wait?until=idle&idle_ms=300");
  const silence = await on.api.call<WaitAnswer>("GET", "/processes/clock/wait?until=output&wait_ms=300");
  expect(silence.body).toMatchObject({ ended_by: "time_up", process: { state: "paused" } });
  const again = await on.api.call<{ process: Process }>("POST", "/processes/clock/pause");
  expect([again.status, again.body.process.state]).toEqual([200, "paused"]);
  const resumed = await on.api.call<{ process: Process }>("POST", "/processes/clock/resume");
  expect(resumed.body.process.state).toBe("running");
  await waitUntil("it ticks again", async () => {
    const wait = await on.api.call<WaitAnswer>("GET", "/processes/clock/wait?until=output&wait_ms=5000");
    return wait.body.ended_by === "output";
  });
  const states = (await on.api.events(0, "&process=clock&type=state")).map(({ state }) => state);
  expect(states).toEqual(["starting", "paused", "running"]);
  await on.api.stop("clock");
});

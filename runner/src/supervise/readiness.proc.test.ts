import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

const node = process.execPath;

/** Listens on a port the system gives, and says which; its first answer to a request is a failure. */
const server = `const s = require("http").createServer((_, r) => { r.statusCode = n++ ? 204 : 503; r.end(); });
let n = 0; s.listen(Number(process.argv[1] ?? 0), "127.0.0.1", () => console.log("on " + s.address().port));`;

async function freePort(): Promise<number> {
  const started = await machine.start({ argv: [node, "-e", server] });
  const port = Number(/on (\d+)/.exec(await machine.printed(started, "\n"))?.[1]);
  await machine.stop(started);
  return port;
}

const readyFacts = (of: ProcessId) => machine.factsOf(of).filter(({ type }) => type === "ready");

test("[P29] a run is ready once a port of its own listens", async () => {
  const port = await freePort();
  const other = await machine.start({ command: "echo up; sleep 1000", ready: { port, timeout_ms: 600_000 } });
  const started = await machine.start({ argv: [node, "-e", server, String(port)], ready: { port } });
  expect(await machine.fact(started, "ready")).toMatchObject({ detail: `Port ${port} listens.` });
  expect(await machine.fact(started, "starting")).toMatchObject({ label: { awaits_ready: true } });
  // The same port, but not of its own.
  expect(machine.typesOf(other)).not.toContain("ready");
  await Promise.all([machine.stop(started), machine.stop(other)]);
  expect(readyFacts(started)).toHaveLength(1);
  expect(machine.typesOf(started).at(-1)).toBe("exited");
});

test("[P29] a run is ready once a URL of the machine answers as wanted", async () => {
  const port = await freePort();
  const http = `http://127.0.0.1:${port}/health`;
  const started = await machine.start({ argv: [node, "-e", server, String(port)], ready: { http } });
  expect(await machine.fact(started, "ready")).toMatchObject({ detail: `${http} answers 204.` });
  await machine.stop(started);
});

test("[P29] a run is ready once a command ends with 0 in its surroundings, also after the runner was replaced", async () => {
  const ready = { command: 'test -e "$FLAG" && test "$PWD" = "$HERE"' };
  const env = { FLAG: "flag", HERE: machine.folder };
  const started = await machine.start({ command: "echo up; sleep 1000", env, ready });
  await machine.printed(started, "up");
  await machine.leave();
  await machine.begin();
  expect(machine.typesOf(started)).not.toContain("ready");
  writeFileSync(join(machine.folder, "flag"), "");
  await machine.fact(started, "ready");
  await machine.leave();
  await machine.begin();
  await machine.stop(started);
  expect(readyFacts(started)).toHaveLength(1);
});

test("[P29] a run that is not ready in time is stopped with that reason; one that ended is never ready", async () => {
  const ready = { command: "false", timeout_ms: 300 };
  const slow = await machine.start({ command: "sleep 1000", ready });
  expect(await machine.fact(slow, "exited")).toMatchObject({ reason: "timeout" });
  const short = await machine.start({ command: "true", ready: { command: "sleep 0.2" } });
  await machine.fact(short, "exited");
  await waitUntil("its folder is let go", () => machine.supervisor?.liveRuns().length === 0);
  expect(machine.typesOf(short)).not.toContain("ready");
});

/** Prints the first part, then, once the file `gate` is there, the second, and stays. */
const inTwo = (gate: string, first: string, second: string): string[] => {
  const wait = `until [ -e ${gate} ]; do sleep 0.02; done`;
  return ["/bin/sh", "-c", `${first}; ${wait}; ${second}; sleep 1000`];
};

test("[P29] a run is ready once a line of its output matches, in whatever pieces and colours it came", async () => {
  const argv = inTwo(
    "g1",
    String.raw`printf '\033[32mready\033[0m in'`,
    String.raw`printf ' \033[1m200\033[0m ms\r\n'`,
  );
  const started = await machine.start({ argv, ready: { pattern: "^ready in \\d+ ms$" } });
  await machine.printed(started, "in");
  expect(machine.typesOf(started)).not.toContain("ready");
  writeFileSync(join(machine.folder, "g1"), "");
  expect(await machine.fact(started, "ready")).toMatchObject({ detail: "ready in 200 ms" });
  await machine.stop(started);
  expect(readyFacts(started)).toHaveLength(1);
});

test("[P29] a prompt without an end is a line, and one that never comes is waited for up to its time", async () => {
  const prompt = await machine.start({ command: "printf 'db> '; sleep 1000", ready: { pattern: "^db> $" } });
  expect(await machine.fact(prompt, "ready")).toMatchObject({ detail: "db> " });
  const never = await machine.start({ command: "echo up; sleep 1000", ready: { pattern: "down", timeout_ms: 300 } });
  expect(await machine.fact(never, "exited")).toMatchObject({ reason: "timeout" });
  expect(machine.typesOf(never)).not.toContain("ready");
  await machine.stop(prompt);
});

test("[P29] a line behind a flood is found though all before it is acknowledged, and its files go then", async () => {
  const small = await TestMachine.open({ segmentBytes: 64 * 1024 });
  try {
    const command = "yes 'a line of many' | head -c 30000000; echo up; sleep 1000";
    const started = await small.start({ command, ready: { pattern: "^up$" } });
    await small.fact(started, "ready");
    expect(small.output(started).all).toHaveLength(30_000_003);
    const folder = join(small.dataFolder, "runs", `${started}-1`);
    const segments = () => readdirSync(folder).filter((name) => name.endsWith(".seg"));
    // Of some 450; the newest may stay until more records come.
    await waitUntil("the searched files are gone", () => segments().length < 100);
  } finally {
    await small.end();
  }
});

test("[P29] the runner replaced: half a line is put together, and who was ready already is not looked at again", async () => {
  let laterMs = 0;
  const small = await TestMachine.open({ segmentBytes: 64 * 1024, now: () => Date.now() + laterMs });
  const gate = (name: string): void => writeFileSync(join(small.folder, name), "");
  const flood = "yes | head -c 1000000; echo";
  try {
    const half = await small.start({
      argv: inTwo("g2", `${flood}; printf re`, "echo ady"),
      ready: { pattern: "^ready$" },
    });
    const ready = { pattern: "^up$", timeout_ms: 20_000 };
    const whole = await small.start({ argv: inTwo("g3", `echo up; sleep 0.2; ${flood}`, "echo still here"), ready });
    await small.printed(half, "re");
    await small.fact(whole, "ready");
    const first = join(small.dataFolder, "runs", `${whole}-1`, "0000000000000001.seg");
    await waitUntil("the line is gone", () => !existsSync(first));
    await small.leave();
    gate("g2");
    laterMs = 60_000;
    await small.begin();
    expect(await small.fact(half, "ready")).toMatchObject({ detail: "ready" });
    gate("g3");
    await small.printed(whole, "still here");
    expect(small.typesOf(whole)).not.toContain("stopping");
    expect(small.factsOf(whole).filter(({ type }) => type === "ready")).toHaveLength(1);
  } finally {
    await small.end();
  }
});

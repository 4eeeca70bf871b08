import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { writeFileSync } from "node:fs";
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

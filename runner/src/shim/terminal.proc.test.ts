import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { isAlive } from "@longwire/shared/node/process-identity.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";
import { readClaim } from "./claim.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

const node = process.execPath;
const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);
const textOf = (started: ProcessId): string => machine.output(started).all.toString();

const input = (started: ProcessId, text: string, enter = true): ReturnType<TestMachine["ask"]> =>
  machine.ask({ op: "input", process: started, input: { text, enter, close: false } });
const keys = (started: ProcessId, ...names: string[]): ReturnType<TestMachine["ask"]> =>
  machine.ask({ op: "input", process: started, input: { keys: names, enter: false, close: false } });

test("[P18] a run in a terminal has one of its own, with its size and name, and its exit is told truly", async () => {
  const started = await machine.start({
    command: "tty; stty size; echo $TERM; ps -o tpgid=,pid= -p $$; exit 7",
    tty: true,
    cols: 100,
    rows: 31,
  });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 7, signal: null, reason: "exit" });
  expect(machine.factsOf(started)[0]).toMatchObject({ type: "starting", label: { tty: true } });
  const [tty, size, term, groups] = textOf(started).split("\r\n");
  expect(tty).toMatch(/^\/dev\/pts\/[0-9]+$/);
  expect([size, term]).toEqual(["31 100", "xterm-256color"]);
  const [front, own] = (groups ?? "").trim().split(/\s+/);
  expect(front).toBe(own);
  const streams = machine.factsOf(started).flatMap((fact) => (fact.type === "output" ? [fact.stream] : []));
  expect(new Set(streams)).toEqual(new Set(["tty"]));
});

test("[P36] a child in a terminal has its three descriptors and no other", async () => {
  const first = await machine.start({ command: "sleep 1000", tty: true });
  const started = await machine.start({ argv: ["ls", "/proc/self/fd"], tty: true });
  await machine.fact(started, "exited");
  // The last one is of the folder it reads.
  expect(textOf(started).trim().split(/\s+/)).toEqual(["0", "1", "2", "3"]);
  await machine.stop(first);
});

test("[P18] a signal that ends it is told by name; a program that is not there is a failed run", async () => {
  const killed = await machine.start({ command: "kill -TERM $$", tty: true });
  expect(await machine.fact(killed, "exited")).toMatchObject({ returncode: null, signal: "SIGTERM", reason: "signal" });
  const missing = await machine.start({ argv: ["no-such-program"], tty: true });
  const failed = await machine.fact(missing, "failed");
  expect(failed).toMatchObject({
    reason: "spawn_failed",
    detail: expect.stringContaining("no-such-program") as string,
  });
});

test("[P19] what a run prints in its terminal just before its end is all there, 100 times of 100", async () => {
  const lengths: number[] = [];
  for (let round = 0; round < 10; round++) {
    const some = await Promise.all(
      Array.from({ length: 10 }, () =>
        machine.start({ command: "head -c 20000 /dev/zero | tr '\\0' x; exit 3", tty: true }),
      ),
    );
    for (const one of some) {
      expect(await machine.fact(one, "exited")).toMatchObject({ returncode: 3 });
      lengths.push(machine.output(one).all.byteLength);
    }
  }
  expect(lengths).toEqual(lengths.map(() => 20_000));
  expect(lengths).toHaveLength(100);
}, 120_000);

test("[P20] what is typed reaches the program; Ctrl-C goes to what runs in the foreground alone", async () => {
  const started = await machine.start({ argv: ["bash", "--norc", "-i"], tty: true, env: { PS1: "ready> " } });
  await machine.printed(started, "ready> ");
  expect(await input(started, "echo $((40 + 2))")).toMatchObject({ outcome: "done", process: started, run: 1 });
  await machine.printed(started, "\r42\r\n");
  await input(started, "echo 'be''gun'; sleep 1000");
  await machine.printed(started, "begun\r\n");
  await keys(started, "Ctrl-C");
  await input(started, "echo 'still'' here'");
  await machine.printed(started, "still here\r\n");
  const outcome = await machine.stop(started, "SIGINT", 500);
  expect(outcome).toMatchObject({ stopped: true, survivors: [] });
  expect(await machine.fact(started, "exited")).toMatchObject({ signal: "SIGHUP", reason: "stopped" });
});

test("[P7] a stop reaches what runs in a terminal's foreground, as Ctrl-C would", async () => {
  const started = await machine.start({ argv: ["bash", "--norc", "-i"], tty: true, env: { PS1: "ready> " } });
  await machine.printed(started, "ready> ");
  await input(started, `'${node}' '${fixture("answers-int.ts")}'`);
  await machine.printed(started, "up\r\n");
  expect(await machine.stop(started, "SIGINT", 2000)).toMatchObject({ stopped: true, survivors: [] });
  expect(textOf(started)).toContain("got it");
});

test("[P20] a program that does not read its terminal holds nothing up", async () => {
  const started = await machine.start({ command: "stty raw -echo; echo up; while :; do sleep 0.05; done", tty: true });
  await machine.printed(started, "up");
  for (const at of [1, 2]) {
    expect([at, await input(started, "x".repeat(200_000))]).toMatchObject([at, { outcome: "done" }]);
  }
  expect(await machine.stop(started, "SIGKILL")).toMatchObject({ stopped: true });
});

test("[P20] 200 kB typed at once arrive whole, as the program comes to read them", async () => {
  const program =
    "process.stdin.setRawMode(true); console.log('up'); setTimeout(() => {" +
    "const hash = require('crypto').createHash('sha1'); let size = 0;" +
    "process.stdin.on('data', (piece) => { hash.update(piece); size += piece.length;" +
    "if (size === 200001) { console.log('sha ' + hash.digest('hex')); process.exit(); } }); }, 300)";
  const started = await machine.start({ argv: [node, "-e", program], tty: true });
  await machine.printed(started, "up");
  const text = Array.from({ length: 20_000 }, (_, at) => String(at).padStart(10, "-")).join("");
  await input(started, text);
  await machine.printed(started, `sha ${createHash("sha1").update(`${text}\r`).digest("hex")}`);
});

test("[P20] the input of a terminal ends by Ctrl-D, and the terminal takes more", async () => {
  const started = await machine.start({ command: "cat; echo 'be'tween; cat; echo after", tty: true });
  const end = { op: "input", process: started, input: { text: "a\n", enter: false, close: true } } as const;
  expect(await machine.ask(end)).toMatchObject({ outcome: "done" });
  await machine.printed(started, "between");
  expect(await machine.ask(end)).toMatchObject({ outcome: "done" });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 0 });
  expect(textOf(started)).toMatch(/after\r\n$/);
  const facts = machine.factsOf(started).filter((fact) => fact.type === "input");
  expect(facts).toMatchObject([
    { bytes: 2, closed: true },
    { bytes: 2, closed: true },
  ]);
});

test("[P18] a terminal's size can be changed, and the program is told", async () => {
  const started = await machine.start({
    command: "trap 'stty size' WINCH; echo up; while :; do sleep 0.02; done",
    tty: true,
  });
  await machine.printed(started, "up");
  expect(await machine.ask({ op: "resize", process: started, size: { cols: 132, rows: 43 } })).toMatchObject({
    outcome: "done",
  });
  await machine.printed(started, "43 132");
  await machine.stop(started);
});

test("[P18] a terminal's run survives its runner, with its input and its size", async () => {
  const started = await machine.start({ command: "echo up; read line; stty size; echo got $line; exit 4", tty: true });
  await machine.printed(started, "up");
  await machine.leave();
  await machine.begin();
  expect(await machine.ask({ op: "resize", process: started, size: { cols: 90, rows: 20 } })).toMatchObject({
    outcome: "done",
  });
  await input(started, "hello");
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 4 });
  expect(textOf(started)).toContain("20 90\r\ngot hello\r\n");
});

test("[P18] many bytes through a terminal come whole and in order", async () => {
  const started = await machine.start({ command: "stty -onlcr; seq 1 300000", tty: true });
  await machine.fact(started, "exited");
  const lines = textOf(started).split("\n");
  expect(lines).toHaveLength(300_001);
  expect(lines.findIndex((line, at) => at < 300_000 && line !== String(at + 1))).toBe(-1);
});

test("[P9] a terminal is never slowed: past its bound the oldest output goes, which is said, and the newest is there", async () => {
  const small = await TestMachine.open({ spoolBytes: 1024 * 1024, segmentBytes: 64 * 1024 });
  const started = await small.start({ command: "read go; seq 1 500000; exit 5", tty: true });
  await small.ask({ op: "input", process: started, input: { enter: true, close: false } });
  await small.leave();
  const claim = readClaim(join(small.dataFolder, "runs", `${started}-1`));
  await waitUntil("its shim has ended", () => claim !== null && !isAlive(claim));
  await small.begin();
  expect(await small.fact(started, "exited")).toMatchObject({ returncode: 5 });
  expect(await small.fact(started, "gap")).toMatchObject({ reason: "overflow" });
  const outputs = [...small.taken.values()].flatMap(({ facts }) => facts).filter(({ fact }) => fact.type === "output");
  const newest = Buffer.concat(outputs.slice(-2).map(({ payload }) => payload));
  expect(newest.toString()).toMatch(/(^|\n)499999\r\n500000\r\n$/);
  await small.end();
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";

const MiB = 1024 * 1024;
let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open({ spoolBytes: 4 * MiB, segmentBytes: MiB / 2 });
});
afterAll(() => machine.end());

const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);

test("[P5] every byte of both streams is recorded, whatever it is and however it was written", async () => {
  const ledgers = [join(machine.folder, "stdout"), join(machine.folder, "stderr")] as const;
  const started = await machine.start({ argv: [process.execPath, fixture("prints-everything.ts"), ...ledgers] });
  await machine.fact(started, "exited");
  const { stdout, stderr, pieces } = machine.output(started);
  expect(stdout.equals(readFileSync(ledgers[0]))).toBe(true);
  expect(stderr.equals(readFileSync(ledgers[1]))).toBe(true);
  expect(Math.max(...pieces.map((piece) => piece.byteLength))).toBeLessThanOrEqual(66 * 1024);
});

test("[P5] a character that comes in two writes is recorded in one piece", async () => {
  const started = await machine.start({
    command: "printf '\\342\\202'; sleep 0.05; printf '\\254!'; sleep 0.05; printf '\\360\\237'",
  });
  await machine.fact(started, "exited");
  expect(machine.output(started).pieces.map((piece) => piece.toString("latin1"))).toEqual([
    "\xE2\x82\xAC!",
    "\xF0\x9F",
  ]);
});

test("[P6] the exit is the last fact, with the code the process ended with", async () => {
  const started = await machine.start({ command: "echo out; echo err >&2; exit 37" });
  const exited = await machine.fact(started, "exited");
  expect(exited).toMatchObject({ returncode: 37, signal: null, reason: "exit" });
  expect(machine.typesOf(started).at(-1)).toBe("exited");
  expect(machine.output(started).all.toString().split("\n").toSorted()).toEqual(["", "err", "out"]);
});

test("[P6] a process that a signal ended has no code, but the signal", async () => {
  const started = await machine.start({ command: "kill -SEGV $$" });
  expect(await machine.fact(started, "exited")).toMatchObject({
    returncode: null,
    signal: "SIGSEGV",
    reason: "signal",
  });
});

test("[P6] output that comes right before the end is there, every time", async () => {
  const runs = await Promise.all(
    Array.from({ length: 8 }, () => machine.start({ command: "head -c 150000 /dev/zero; echo end" })),
  );
  for (const one of runs) {
    await machine.fact(one, "exited");
    expect(machine.output(one).all.byteLength).toBe(150_004);
  }
});

test("[P2] a program that does not exist fails with the reason; a shell command that does not exist exits with 127", async () => {
  const missing = await machine.start({ argv: ["no-such-program-here"] });
  expect(await machine.fact(missing, "failed")).toMatchObject({
    reason: "spawn_failed",
    detail: expect.stringContaining('There is no program "no-such-program-here" in PATH') as string,
  });
  expect(machine.typesOf(missing)).toEqual(["starting", "failed"]);
  const folder = await machine.start({ argv: [machine.folder] });
  expect(await machine.fact(folder, "failed")).toMatchObject({
    detail: expect.stringContaining("may not be executed") as string,
  });
  const shell = await machine.start({ command: "no-such-command-here" });
  expect(await machine.fact(shell, "exited")).toMatchObject({ returncode: 127 });
  expect(machine.output(shell).stderr.toString()).toContain("not found");
});

test("[P5] the streams are pipes that can be opened by name", async () => {
  const started = await machine.start({
    command:
      "echo out > /dev/stdout; echo err > /dev/stderr; echo tee | tee /dev/stderr; exec 3< /dev/stdin; [ -p /dev/stdin ]",
  });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 0 });
  expect(machine.output(started).stdout.toString()).toBe("out\ntee\n");
  expect(machine.output(started).stderr.toString()).toBe("err\ntee\n");
});

test("[P5] standard input stays open, and there is no terminal", async () => {
  const started = await machine.start({ command: "[ -t 0 ] || [ -t 1 ] || echo pipes; cat; echo eof" });
  await machine.printed(started, "pipes");
  await machine.stop(started);
  expect(machine.output(started).all.toString()).toBe("pipes\n");
});

/** Resolves when a process's output has grown past `bytes` and then stayed as it is for a while. */
async function waitForStandstill(of: ProcessId, bytes: number): Promise<void> {
  let size = 0;
  let looks = 0;
  await waitUntil("the output stands still", () => {
    const now = machine.output(of).all.byteLength;
    looks = now === size ? looks + 1 : 0;
    size = now;
    return size > bytes && looks > 20;
  });
}

test("[P9] a child that floods is slowed at its pipe, stops all the same, and what it wrote is recorded", async () => {
  machine.acknowledges = false;
  const started = await machine.start({ command: "seq 1 1000000000" });
  await waitForStandstill(started, MiB);
  const outcome = await machine.stop(started);
  expect(outcome).toMatchObject({ outcome: "done", stopped: true, survivors: [] });
  await machine.fact(started, "exited");
  const text = machine.output(started).all.toString();
  expect(text.length).toBeLessThan(3 * MiB);
  const lines = text.split("\n").slice(0, -1);
  expect(lines.every((line, at) => line === String(at + 1))).toBe(true);
  machine.acknowledges = true;
  machine.pump();
});

test("[P9] a spool that stays full holds up neither the end of a run nor the word of it", async () => {
  machine.acknowledges = false;
  const started = await machine.start({ command: "seq 1 400000; head -c 60000 /dev/zero; exit 8" });
  await waitForStandstill(started, MiB);
  await machine.leave();
  await machine.begin();
  const outcome = await machine.stop(started, "SIGKILL");
  expect(outcome).toMatchObject({ outcome: "done", stopped: true });
  expect(await machine.fact(started, "exited")).toMatchObject({ reason: "stopped", signal: "SIGKILL" });
  machine.acknowledges = true;
  machine.pump();
});

test("[P9] a slowed child goes on as its records are acknowledged", async () => {
  machine.acknowledges = false;
  const started = await machine.start({ command: "head -c 12000000 /dev/zero | tr '\\0' x" });
  await waitForStandstill(started, MiB);
  machine.acknowledges = true;
  machine.pump();
  await machine.fact(started, "exited");
  expect(machine.output(started).all.byteLength).toBe(12_000_000);
});

test("[P36] a child has its own three descriptors and no other", async () => {
  const started = await machine.start({ command: "exec ls -l /proc/self/fd" });
  await machine.fact(started, "exited");
  const listed = [
    ...machine
      .output(started)
      .all.toString()
      .matchAll(/ (\d+) -> (\S+)/g),
  ];
  // The last one is the listing's own.
  expect(listed.map(([, fd]) => Number(fd))).toEqual([0, 1, 2, 3]);
  expect(listed[3]?.[2]).toMatch(/^\/proc\//);
});

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import { afterEach, expect, test } from "vitest";
import { KilledRunner } from "../fixtures/killed-runner.ts";
import { newCommandId, TestMachine } from "../fixtures/machine.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { isAlive, readBootId } from "@longwire/shared/node/process-identity.ts";
import { readProcessTable } from "../processes/process-table.ts";
import { takeClaim } from "../shim/claim.ts";
import { readRunSpec, runFiles, runSpecVersion, type RunSpec } from "../shim/run-spec.ts";
import { readShimStatus } from "../shim/shim-status.ts";
import { SpoolWriter } from "../spool/spool-writer.ts";
import { createRunFolder, runFolderOf } from "./run-folder.ts";

let machine: TestMachine;
afterEach(async () => {
  await KilledRunner.killAll();
  await machine.end();
});

const lines = (count: number, every: number): string =>
  `i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo line $i; sleep ${every}; done; exit 6`;
const firstRun = "p1" as ProcessId;

function expectLines(count: number): void {
  const expected = Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join("");
  expect(machine.output(firstRun).all.toString()).toBe(expected);
}

test("[P13] a runner killed while a child prints: the next one adopts it, and every line is there once", async () => {
  machine = new TestMachine();
  const runner = await KilledRunner.start(machine);
  const id = runner.dispatch({ op: "start", request: { command: lines(60, 0.02), name: "printer" } });
  const folder = join(machine.dataFolder, "runs", "p1-1");
  await waitUntil("the run has begun", () => readShimStatus(folder)?.child);
  await runner.kill();
  await machine.begin();
  expect(machine.supervisor?.liveRuns()).toEqual([{ process: firstRun, run: 1 }]);
  expect(await machine.fact(firstRun, "exited")).toMatchObject({ returncode: 6, reason: "exit" });
  expectLines(60);
  expect(machine.outcomes(id)).toHaveLength(1);
});

test("[P13] a child that ended while no runner was there: the next one finds all of it", async () => {
  machine = new TestMachine();
  const runner = await KilledRunner.start(machine);
  runner.dispatch({ op: "start", request: { command: lines(20, 0.01) } });
  const folder = join(machine.dataFolder, "runs", "p1-1");
  const status = await waitUntil("the run has begun", () => readShimStatus(folder));
  const spool = readRunSpec(folder)?.spool;
  await runner.kill();
  await waitUntil("the shim is gone", () => !isAlive(status.shim));
  await machine.begin();
  expect(await machine.fact(firstRun, "exited")).toMatchObject({ returncode: 6 });
  expectLines(20);
  await waitUntil("the folder is gone", () => !existsSync(folder));
  expect(machine.gone).toContain(spool);
});

test("[P13] an adopted run can be stopped, and its name is taken until then", async () => {
  machine = await TestMachine.open();
  const started = await machine.start({ command: "echo up; sleep 1000", name: "web" });
  await machine.printed(started, "up");
  await machine.leave();
  await machine.begin();
  const again = { op: "start", request: { command: "true", name: "web" } } as const;
  expect(await machine.ask(again)).toMatchObject({ outcome: "refused", code: "name_taken" });
  expect(await machine.stop(started)).toMatchObject({ outcome: "done", stopped: true, process: started, run: 1 });
  expect(await machine.ask(again)).toMatchObject({ outcome: "done", process: started, run: 2 });
});

test("[P14] a run whose runner is gone ends when its lease is over", async () => {
  machine = new TestMachine();
  const runner = await KilledRunner.start(machine, 0);
  runner.dispatch({ op: "start", request: { command: "sleep 1000; echo never" } });
  const status = await waitUntil("the run has begun", () => readShimStatus(join(machine.dataFolder, "runs", "p1-1")));
  const members = readProcessTable().filter((row) => row.marker === status.marker);
  expect(members.length).toBeGreaterThan(0);
  await runner.kill();
  await waitUntil("the tree is gone", () =>
    readProcessTable().every((row) => row.marker !== status.marker || row.zombie),
  );
  await machine.begin();
  expect(await machine.fact(firstRun, "exited")).toMatchObject({ reason: "lease" });
});

test("[P15] a shim that was killed: its tree is ended, and nobody claims to know how", async () => {
  machine = await TestMachine.open();
  machine.acknowledges = false;
  const started = await machine.start({ command: "echo up; trap '' PIPE; sleep 1000" });
  await machine.printed(started, "up");
  const folder = join(machine.dataFolder, "runs", `${started}-1`);
  const status = await waitUntil("the run has begun", () => readShimStatus(folder));
  process.kill(status.shim.pid, "SIGKILL");
  await waitUntil("the tree is gone", () =>
    readProcessTable().every((row) => row.marker !== status.marker || row.zombie),
  );
  expect(await machine.stop(started)).toMatchObject({ outcome: "done", stopped: true });
  expect(machine.typesOf(started)).not.toContain("exited");
  machine.acknowledges = true;
  machine.pump();
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: null, signal: null, reason: "shim_lost" });
  expect(machine.typesOf(started).filter((type) => type === "exited")).toHaveLength(1);
  await waitUntil("the folder is gone", () => !existsSync(folder));
});

test("[D16] [P15] an end that the disk does not take when it is found is told by the next runner", async () => {
  machine = await TestMachine.open();
  const started = await machine.start({ command: "sleep 60" });
  const folder = join(machine.dataFolder, "runs", `${started}-1`);
  const status = await waitUntil("the run has begun", () => readShimStatus(folder));
  await machine.leave();
  await machine.begin();
  const spools = join(machine.dataFolder, "spools");
  const own = join(spools, readdirSync(spools).find((name) => readdirSync(join(spools, name)).length === 0) ?? "");
  const away = join(machine.folder, "away");
  // A folder that is not there takes nothing, as a disk that is full.
  renameSync(own, away);
  process.kill(status.shim.pid, "SIGKILL");
  await waitUntil("the run is over", () => machine.supervisor?.liveRuns().length === 0);
  await machine.leave();
  renameSync(away, own);
  await machine.begin();
  expect(await machine.fact(started, "exited")).toMatchObject({ reason: "shim_lost" });
});

test("[P15] what a machine's restart ended is told as that, once, however often the runner starts", async () => {
  machine = await TestMachine.open();
  await machine.leave();
  const spec = specOf({ boot: "an earlier boot" });
  const folder = createRunFolder(join(machine.dataFolder, "runs"), spec);
  takeClaim(folder, "shim");
  writeFileSync(join(folder, runFiles.claim), JSON.stringify({ by: "shim", pid: 999_999_999, started: "0" }));
  writeStarting(folder, spec);
  machine.acknowledges = false;
  for (let start = 0; start < 3; start++) {
    await machine.begin();
    await machine.leave();
  }
  await machine.begin();
  machine.acknowledges = true;
  machine.pump();
  expect(await machine.fact(firstRun, "exited")).toMatchObject({ returncode: null, reason: "machine_restarted" });
  expect(machine.typesOf(firstRun)).toEqual(["starting", "exited"]);
});

function specOf(more: Partial<RunSpec> = {}): RunSpec {
  return {
    version: runSpecVersion,
    process: firstRun,
    run: 1,
    spool: "a".repeat(32) as SpoolId,
    command_id: newCommandId(),
    label: { command: "echo never > never", cwd: machine.folder, tags: [], tty: false },
    marker: "none",
    boot: readBootId(),
    lease_ms: 0,
    socket: join(machine.folder, "socket"),
    spool_bytes: 1e6,
    segment_bytes: 1e5,
    ...more,
  };
}

function writeStarting(folder: string, { process: of, run, label, command_id }: RunSpec): void {
  const writer = new SpoolWriter(folder, 1e5);
  writer.append(JSON.stringify({ type: "starting", at: 1, process: of, run, label, command_id }), new Uint8Array(0));
  writer.close();
}

test("[C3] a run whose shim never claimed it is cancelled: it failed, and its command is answered", async () => {
  machine = await TestMachine.open();
  await machine.leave();
  const spec = specOf();
  const folder = createRunFolder(join(machine.dataFolder, "runs"), spec);
  writeStarting(folder, spec);
  await machine.begin();
  expect(await machine.fact(firstRun, "failed")).toMatchObject({ reason: "shim_lost" });
  expect(await machine.outcome(spec.command_id)).toMatchObject({ outcome: "done", process: firstRun, run: 1 });
  await waitUntil("the folder is gone", () => !existsSync(folder));
});

test("[C3] a run that was only prepared leaves nothing, and its command is answered", async () => {
  machine = await TestMachine.open();
  await machine.leave();
  const runs = join(machine.dataFolder, "runs");
  const spec = specOf();
  createRunFolder(runs, spec);
  mkdirSync(runFolderOf(runs, { process: "p2" as ProcessId, run: 1 }));
  await machine.begin();
  expect(await machine.outcome(spec.command_id)).toMatchObject({ outcome: "refused", code: "internal" });
  expect(machine.supervisor?.liveRuns()).toEqual([]);
  await waitUntil("the folder of what was not started is gone", () => readdirSync(runs).length === 0);
  expect(existsSync(join(machine.folder, "never"))).toBe(false);
  expect(await machine.start({ command: "true" })).toBe("p2");
});

test("[C3] of shim and runner only one gets a run's claim", async () => {
  machine = await TestMachine.open();
  const folder = createRunFolder(join(machine.dataFolder, "runs"), specOf({ process: "p9" as ProcessId }));
  expect(takeClaim(folder, "runner")).toBe(true);
  expect([takeClaim(folder, "shim"), takeClaim(folder, "runner")]).toEqual([false, false]);
  expect(JSON.parse(readFileSync(join(folder, runFiles.claim), "utf8"))).toMatchObject({
    by: "runner",
    pid: process.pid,
  });
  expect(readdirSync(folder).filter((name) => name.startsWith("claim"))).toEqual([runFiles.claim]);
});

test("[P16] a second runner on the folder is refused with the first one's pid; a dead one's lock is void", async () => {
  machine = new TestMachine();
  const runner = await KilledRunner.start(machine);
  await expect(machine.begin()).rejects.toThrow(`process ${runner.pid}`);
  await runner.kill();
  await machine.begin();
});

const stages = {
  "the command was sent": () => true,
  "the run is prepared": (folder: string) => existsSync(join(folder, runFiles.spec)),
  "its first record is there": (folder: string) => existsSync(join(folder, "0000000000000001.seg")),
  "it is claimed": (folder: string) => existsSync(join(folder, runFiles.claim)),
  "it has begun": (folder: string) => readShimStatus(folder) !== null,
};

test("[C3] a runner killed at any moment of a start: the process ran at most once, and its command has one outcome", async () => {
  machine = new TestMachine();
  for (const [number, [stage, isReached]] of Object.entries(stages).entries()) {
    const runner = await KilledRunner.start(machine);
    const request = { command: `echo ran >> ran-${number}`, name: `n${number}` };
    const id = runner.dispatch({ op: "start", request });
    await waitUntil(stage, () => isReached(join(machine.dataFolder, "runs", `p${number + 1}-1`)));
    await runner.kill();
    await machine.begin();
    machine.dispatch({ op: "start", request }, id);
    const outcome = await machine.outcome(id);
    await waitUntil("everything is told", () => readdirSync(join(machine.dataFolder, "runs")).length === 0);
    const failed = outcome.process === undefined || machine.typesOf(outcome.process).includes("failed");
    const ran = join(machine.folder, `ran-${number}`);
    expect([stage, existsSync(ran) ? readFileSync(ran, "utf8") : ""]).toEqual([stage, failed ? "" : "ran\n"]);
    expect(machine.outcomes(id)).toHaveLength(1);
    await machine.leave();
  }
});

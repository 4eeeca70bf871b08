import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { afterEach, expect, test } from "vitest";
import { KilledRunner } from "../fixtures/killed-runner.ts";
import { newCommandId, TestMachine } from "../fixtures/machine.ts";

let machine: TestMachine;
afterEach(async () => {
  await KilledRunner.killAll();
  await machine.end();
});

const restart = (process: ProcessId) => ({ op: "restart", process, signal: "SIGINT", grace_ms: 300 }) as const;

/** The facts of one run, output left out. */
const typesOfRun = (process: ProcessId, run: number): string[] =>
  machine
    .factsOf(process)
    .filter((fact) => fact.run === run && fact.type !== "output")
    .map(({ type }) => type);

const inRun = (process: ProcessId, run: number, type: RunFact["type"]): Promise<RunFact> =>
  waitUntil(`${type} of run ${run}`, () =>
    machine.factsOf(process).find((fact) => fact.run === run && fact.type === type),
  );

test("[P24] a restart stops the live run and begins the next one as its start asked, also after the runner was killed", async () => {
  machine = new TestMachine();
  const runner = await KilledRunner.start(machine);
  const request = { command: "echo $GIVEN; sleep 1000", name: "web", env: { GIVEN: "given" }, tags: ["a"] };
  runner.dispatch({ op: "start", request });
  await waitUntil("the start is kept", () => existsSync(join(machine.dataFolder, "starts", "p1.json")));
  await waitUntil("it runs", () => existsSync(join(machine.dataFolder, "runs", "p1-1", "shim.json")));
  await runner.kill();
  await machine.begin();
  const web = "p1" as ProcessId;
  expect(await machine.ask(restart(web))).toMatchObject({ outcome: "done", process: web, run: 2 });
  expect(await inRun(web, 1, "exited")).toMatchObject({ reason: "stopped" });
  const starting = await inRun(web, 2, "starting");
  expect(starting).toMatchObject({ label: { name: "web", tags: ["a"], cwd: machine.folder } });
  const isOutput = (fact: RunFact): boolean => fact.type === "output" && fact.run === 2;
  await waitUntil("run 2 prints", () => machine.factsOf(web).some(isOutput));
  expect(statSync(join(machine.dataFolder, "starts")).mode & 0o777).toBe(0o700);
  expect(statSync(join(machine.dataFolder, "starts", "p1.json")).mode & 0o777).toBe(0o600);
});

test("[P24] a restart of an ended process begins its next run at once; two at one time follow each other", async () => {
  machine = await TestMachine.open();
  const process = await machine.start({ command: "echo up; sleep 1000" });
  await machine.stop(process);
  const outcomes = await Promise.all([machine.ask(restart(process)), machine.ask(restart(process))]);
  expect(new Set(outcomes.map(({ run }) => run))).toEqual(new Set([2, 3]));
  expect(machine.supervisor?.liveRuns()).toEqual([{ process, run: 3 }]);
  expect(await machine.ask(restart("p77" as ProcessId))).toMatchObject({ outcome: "refused", code: "not_found" });
});

test("[P24] a stop that comes while a restart stops the run is the last word", async () => {
  machine = await TestMachine.open();
  const process = await machine.start({ command: "trap '' INT; echo up; while :; do sleep 0.05; done" });
  await machine.printed(process, "up");
  const id = machine.dispatch({ ...restart(process), grace_ms: 500 });
  await inRun(process, 1, "stopping");
  expect(await machine.stop(process)).toMatchObject({ stopped: true });
  expect(await machine.outcome(id)).toMatchObject({ outcome: "refused", code: "process_ended" });
  expect(machine.supervisor?.liveRuns()).toEqual([]);
});

test("[P25] a process that is forgotten leaves nothing behind, and its name begins another one", async () => {
  machine = await TestMachine.open();
  const process = await machine.start({ command: "sleep 1000", name: "web" });
  const forget = { op: "forget", process } as const;
  expect(await machine.ask(forget)).toMatchObject({ outcome: "refused", code: "process_running" });
  await machine.stop(process);
  expect(await machine.ask(forget)).toMatchObject({ outcome: "done" });
  expect(machine.typesOf(process)).toContain("forgotten");
  expect(readdirSync(join(machine.dataFolder, "starts"))).toEqual([]);
  expect(await machine.ask(restart(process))).toMatchObject({ outcome: "refused", code: "process_ended" });
  expect(await machine.ask({ op: "start", request: { command: "true", name: "web" } })).toMatchObject({
    process: "p2",
    run: 1,
  });
});

test("[P26] a start under a name that lives is refused, answered with the one that lives, or takes its place", async () => {
  machine = await TestMachine.open();
  const start = (if_running: "fail" | "reuse" | "restart", command: string) =>
    machine.ask({ op: "start", request: { command, name: "web", if_running } });
  expect(await start("reuse", "sleep 1000")).toMatchObject({ outcome: "done", process: "p1", run: 1 });
  expect(await start("fail", "sleep 1001")).toMatchObject({ outcome: "refused", code: "name_taken" });
  expect(await start("reuse", "sleep 1002")).toMatchObject({ outcome: "done", process: "p1", run: 1, reused: true });
  const taken = await start("restart", "sleep 1003");
  expect(taken).toMatchObject({ outcome: "done", process: "p1", run: 2 });
  expect(taken).not.toHaveProperty("reused");
  expect(await inRun("p1" as ProcessId, 2, "starting")).toMatchObject({ label: { command: "sleep 1003" } });
  expect(machine.supervisor?.liveRuns()).toEqual([{ process: "p1", run: 2 }]);
});

const policy = { policy: "on_failure", max: 2, delay_ms: 10, max_delay_ms: 20 } as const;

test("[P27] a run that fails is followed by another one, up to the bound, each counted and waiting in between", async () => {
  machine = await TestMachine.open();
  const process = await machine.start({ command: "exit 3", restart: policy });
  await inRun(process, 3, "exited");
  await waitUntil("nothing lives or waits", () => machine.supervisor?.liveRuns().length === 0);
  for (const run of [2, 3]) {
    expect(typesOfRun(process, run)).toEqual(["pending", "starting", "started", "exited"]);
    expect(await inRun(process, run, "pending")).toMatchObject({ waiting_for: "restart", restarts: run - 1 });
    expect(await inRun(process, run, "starting")).toMatchObject({ restarts: run - 1 });
  }
  const fine = await machine.start({ command: "true", restart: policy });
  await machine.fact(fine, "exited");
  await waitUntil("it is over for good", () => machine.supervisor?.liveRuns().length === 0);
  expect(machine.factsOf(fine).every(({ run }) => run === 1)).toBe(true);
});

test("[P27] a stop that was asked for is never followed, and a stop between two runs ends the one that waits", async () => {
  machine = await TestMachine.open();
  const always = { policy: "always", max: 1000, delay_ms: 600_000, max_delay_ms: 600_000 } as const;
  const stopped = await machine.start({ command: "sleep 1000", restart: { ...always, delay_ms: 1 } });
  await machine.stop(stopped);
  expect(machine.supervisor?.liveRuns()).toEqual([]);
  const waits = await machine.start({ command: "true", restart: always });
  await inRun(waits, 2, "pending");
  expect(await machine.stop(waits)).toMatchObject({ outcome: "done", run: 2, stopped: true, survivors: [] });
  expect(await inRun(waits, 2, "failed")).toMatchObject({ reason: "stopped" });
  expect(machine.supervisor?.liveRuns()).toEqual([]);
});

test("[P27] a policy goes on after the runner was killed, whether its run ended before or after", async () => {
  machine = new TestMachine();
  const runner = await KilledRunner.start(machine);
  const slow = { policy: "always", max: 5, delay_ms: 2000, max_delay_ms: 2000 } as const;
  runner.dispatch({ op: "start", request: { command: "exit 1", restart: slow } });
  runner.dispatch({
    op: "start",
    request: { command: "while [ ! -e go ]; do sleep 0.02; done; rm go", restart: policy },
  });
  const kept = (name: string): string => {
    const path = join(machine.dataFolder, "starts", name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  await waitUntil("one waits", () => kept("p1.json").includes('"waiting"'));
  await waitUntil("one runs", () => existsSync(join(machine.dataFolder, "runs", "p2-1", "shim.json")));
  await runner.kill();
  writeFileSync(join(machine.folder, "go"), "");
  await waitUntil("it ended", () => !existsSync(join(machine.folder, "go")));
  await machine.begin();
  await inRun("p1" as ProcessId, 2, "exited");
  expect(machine.factsOf("p1" as ProcessId).filter(({ run, type }) => run === 2 && type === "starting")).toHaveLength(
    1,
  );
  await machine.fact("p2" as ProcessId, "exited");
});

test("[P28] the highest priority goes first, then who came first, and no more of a queue live than it says", async () => {
  machine = await TestMachine.open();
  const gate = await machine.start({ command: "while [ ! -e go ]; do sleep 0.02; done", queue: queue(0) });
  const asked: ProcessId[] = [];
  for (const priority of [0, 5, 0, -5, 5]) {
    asked.push(await machine.start({ command: `echo ${asked.length} >> order`, queue: queue(priority) }));
  }
  for (const process of asked) {
    expect(await inRun(process, 1, "pending")).toMatchObject({ waiting_for: "queue" });
  }
  expect(machine.typesOf(gate)).not.toContain("pending");
  writeFileSync(join(machine.folder, "go"), "");
  for (const process of asked) await machine.fact(process, "exited");
  expect(readFileSync(join(machine.folder, "order"), "utf8")).toBe("1\n4\n0\n2\n3\n");
});

const queue = (priority: number, more: object = {}) =>
  ({ name: "q", priority, delay_ms: 0, parallel: 1, ...more }) as const;

test("[P28] with a queue a full machine makes a start wait, without one it is refused; a delay is waited for", async () => {
  machine = await TestMachine.open({ maxLive: 1 });
  const first = await machine.start({ command: "sleep 1000" });
  expect(await machine.ask({ op: "start", request: { command: "true" } })).toMatchObject({ code: "limit_reached" });
  const second = await machine.start({ command: "true", queue: { name: "any", priority: 0, delay_ms: 0 } });
  expect(await inRun(second, 1, "pending")).toMatchObject({ waiting_for: "queue" });
  await machine.stop(first);
  await machine.fact(second, "exited");
  const later = await machine.start({ command: "true", queue: { name: "any", priority: 0, delay_ms: 300 } });
  expect(await inRun(later, 1, "pending")).toMatchObject({ waiting_for: "delay" });
  await machine.fact(later, "exited");
});

test("[C6] what waits is begun once, whatever of its beginning a killed runner had done", async () => {
  machine = new TestMachine();
  const runner = await KilledRunner.start(machine);
  const id = newCommandId();
  const waiting = { command: "echo ran >> ran", queue: { name: "q", priority: 0, delay_ms: 700 } };
  runner.dispatch({ op: "start", request: waiting }, id);
  await waitUntil("it is kept", () => existsSync(join(machine.dataFolder, "starts", "p1.json")));
  await runner.kill();
  await machine.begin();
  machine.dispatch({ op: "start", request: waiting }, id);
  await machine.fact("p1" as ProcessId, "exited");
  await machine.leave();
  await machine.begin();
  machine.dispatch({ op: "start", request: waiting }, id);
  await machine.start({ command: "true" });
  expect(readFileSync(join(machine.folder, "ran"), "utf8")).toBe("ran\n");
  expect(machine.outcomes(id)).toMatchObject([{ outcome: "done", process: "p1", run: 1 }]);
});

test("[P31] a run the control plane asks after is ended where nobody knows of it, once, and only there", async () => {
  machine = await TestMachine.open();
  const lives = await machine.start({ command: "sleep 1000" });
  const waits = await machine.start({ command: "true", queue: queue(0, { delay_ms: 600_000 }) });
  const unknown = "p99" as ProcessId;
  const asked = [lives, waits, unknown].map((process) => ({ process, run: 1 }));
  for (let times = 0; times < 2; times++) machine.supervisor?.askedAfter(asked);
  expect(await machine.fact(unknown, "exited")).toMatchObject({ returncode: null, signal: null, reason: "shim_lost" });
  expect(machine.typesOf(unknown)).toEqual(["exited"]);
  expect([...machine.typesOf(lives), ...machine.typesOf(waits)]).not.toContain("exited");
});

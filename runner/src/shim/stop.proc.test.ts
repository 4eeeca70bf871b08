import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { identify } from "@longwire/shared/node/process-identity.ts";
import { readProcessTable } from "../processes/process-table.ts";
import { listRunFolders } from "../supervise/run-folder.ts";
import { readRunSpec } from "./run-spec.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

const node = process.execPath;
const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);

/** Living processes with the marker of any run of the machine. */
function livingMembers(): number[] {
  const specs = listRunFolders(join(machine.dataFolder, "runs")).flatMap((folder) => readRunSpec(folder) ?? []);
  return specs
    .flatMap(({ marker }) => readProcessTable().filter((row) => row.marker === marker && !row.zombie))
    .map(({ pid }) => pid);
}

/** A zombie whose parent does not care is dead all the same. */
const lives = (pid: number): boolean => identify(pid)?.zombie === false;

async function expectAllGone(started: Awaited<ReturnType<TestMachine["start"]>>, graceMs = 300): Promise<void> {
  const members = livingMembers();
  expect(members.length).toBeGreaterThan(0);
  const outcome = await machine.stop(started, "SIGINT", graceMs);
  expect(outcome).toMatchObject({ outcome: "done", process: started, stopped: true, survivors: [] });
  expect(members.filter(lives)).toEqual([]);
}

test("[P7] a polite chain gets one SIGINT each, and its end is told with the code it chose", async () => {
  const started = await machine.start({
    command: `trap '' INT; sh -c '"${node}" "${fixture("answers-int.ts")}"'; exit $?`,
  });
  await machine.printed(started, "up");
  await expectAllGone(started, 5000);
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 5, signal: null, reason: "stopped" });
  expect(machine.output(started).all.toString().split("got it")).toHaveLength(2);
  const types = machine.typesOf(started).filter((type) => type !== "output");
  expect(types).toEqual(["starting", "started", "stopping", "signalled", "exited"]);
});

test("[P7] who ignores SIGINT gets SIGTERM, who ignores both is killed", async () => {
  const polite = await machine.start({ command: "trap '' INT; echo up; while :; do sleep 0.05; done" });
  await machine.printed(polite, "up");
  await expectAllGone(polite);
  const stubborn = await machine.start({ command: "trap '' INT TERM HUP; echo up; while :; do sleep 0.05; done" });
  await machine.printed(stubborn, "up");
  await expectAllGone(stubborn);
  expect(await machine.fact(stubborn, "exited")).toMatchObject({
    returncode: null,
    signal: "SIGKILL",
    reason: "stopped",
  });
  const signals = machine.factsOf(stubborn).flatMap((fact) => (fact.type === "signalled" ? [fact.signal] : []));
  expect(signals).toEqual(["SIGINT", "SIGTERM", "SIGKILL"]);
});

test("[P7] background jobs, which ignore SIGINT, are stopped too", async () => {
  const started = await machine.start({ command: "sleep 1000 & echo up; wait" });
  await machine.printed(started, "up");
  await expectAllGone(started);
});

test("[P7] what left the session through a parent that is gone is found and stopped", async () => {
  const started = await machine.start({ argv: [node, fixture("leaves-its-session.ts")] });
  const pid = Number(/left (\d+)/.exec(await machine.printed(started, "\n"))?.[1]);
  expect(livingMembers()).toContain(pid);
  await expectAllGone(started);
});

test("[P7] what forked twice and cleared its environment is found and stopped", async () => {
  expect(machine.supervisor?.capabilities.subreaper).toBe(true);
  const started = await machine.start({ command: `"${node}" "${fixture("forgets-its-run.ts")}"; sleep 1000` });
  const pid = Number(/forgot (\d+)/.exec(await machine.printed(started, "\n"))?.[1]);
  expect(livingMembers()).not.toContain(pid);
  expect(lives(pid)).toBe(true);
  await expectAllGone(started);
  expect(lives(pid)).toBe(false);
});

test("[P8] what an ended run left behind without a trace of it is ended too", async () => {
  const started = await machine.start({
    command: `"${node}" "${fixture("forgets-its-run.ts")}" | { read line; echo "$line"; }; exit 6`,
  });
  const pid = Number(/forgot (\d+)/.exec(await machine.printed(started, "\n"))?.[1]);
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 6, reason: "exit" });
  expect(lives(pid)).toBe(false);
});

test("[P7] what forks on and on is stopped", async () => {
  const started = await machine.start({ argv: [node, fixture("forks-on.ts")] });
  await waitUntil("a crowd is there", () => livingMembers().length > 12);
  await expectAllGone(started);
  expect(livingMembers()).toEqual([]);
});

test("[P7] a halted process is woken to end politely", async () => {
  const started = await machine.start({
    command: "trap 'exit 4' TERM INT; echo up; kill -STOP $$; while :; do sleep 0.05; done",
  });
  await machine.printed(started, "up");
  await expectAllGone(started, 5000);
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 4 });
});

test("[P7] a stop that comes while one is under way gets the same answer; one that comes later says it is stopped", async () => {
  const started = await machine.start({ command: "trap '' INT; echo up; while :; do sleep 0.05; done" });
  await machine.printed(started, "up");
  const [first, second] = await Promise.all([machine.stop(started), machine.stop(started, "SIGTERM", 20_000)]);
  expect(second).toMatchObject({ outcome: "done", stopped: first.stopped, survivors: [], run: 1 });
  expect(machine.typesOf(started).filter((type) => type === "exited")).toHaveLength(1);
  expect(await machine.stop(started)).toMatchObject({ outcome: "done", stopped: true, survivors: [] });
});

test("[P8] what a run left in the background is ended before its exit is told, and the code stays true", async () => {
  const started = await machine.start({
    command: "sleep 1000 & sh -c 'trap \"\" TERM; echo up; while :; do sleep 0.05; done' & sleep 0.3; exit 9",
  });
  await machine.printed(started, "up");
  const members = livingMembers();
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 9, signal: null, reason: "exit" });
  expect(members.filter(lives)).toEqual([]);
  expect(await machine.fact(started, "stopping")).toMatchObject({ reason: "exit" });
});

test("[P8] the rest of a pipeline may end by itself", async () => {
  const started = await machine.start({ command: "(sleep 0.02; echo late) & exit 3" });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 3, reason: "exit" });
  expect(machine.output(started).all.toString()).toBe("late\n");
  expect(machine.typesOf(started)).not.toContain("stopping");
});

test("[P10] a signal reaches the group once for each command, and the whole tree where that is asked", async () => {
  const program = "process.on('SIGUSR2', () => console.log('usr')); setInterval(() => {}, 1000); console.log('up');";
  const started = await machine.start({ argv: [node, "-e", program] });
  await machine.printed(started, "up");
  const operation = { op: "signal", process: started, signal: "SIGUSR2", tree: false } as const;
  const outcome = await machine.ask(operation);
  expect(outcome).toMatchObject({ outcome: "done", process: started, run: 1 });
  await machine.printed(started, "usr");
  machine.dispatch(operation, outcome.command_id);
  expect(await machine.ask({ ...operation, signal: "SIGKILL", tree: true })).toMatchObject({ outcome: "done" });
  expect(await machine.fact(started, "exited")).toMatchObject({
    returncode: null,
    signal: "SIGKILL",
    reason: "signal",
  });
  expect(machine.output(started).all.toString()).toBe("up\nusr\n");
  expect(await machine.ask(operation)).toMatchObject({ outcome: "refused", code: "process_ended" });
});

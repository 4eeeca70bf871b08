import { existsSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { deadOutputBytes, flipBit, leaveDeadRun, segmentAt } from "../fixtures/dead-run.ts";
import { TestMachine } from "../fixtures/machine.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { readRunSpec } from "../shim/run-spec.ts";
import { FollowedRun } from "./followed-run.ts";

let machine: TestMachine;
afterEach(() => machine.end());

const deadRun = "p1" as ProcessId;
const outputs = 40;

function cutTail(folder: string): void {
  const path = segmentAt(folder, -1);
  truncateSync(path, statSync(path).size - 5);
}

const damages = [
  { name: "a torn tail", damage: cutTail, returncode: null, reason: "shim_lost", isMissing: false },
  {
    name: "a flipped bit in the middle",
    damage: (folder: string) => flipBit(folder, 3, 20),
    returncode: 6,
    reason: "exit",
    isMissing: true,
  },
  {
    name: "a flipped bit in the last record",
    damage: (folder: string) => flipBit(folder, -1, 5),
    returncode: null,
    reason: "shim_lost",
    isMissing: false,
  },
  {
    name: "a segment that is gone",
    damage: (folder: string) => rmSync(segmentAt(folder, 4)),
    returncode: 6,
    reason: "exit",
    isMissing: true,
  },
];

test.for(damages)(
  "[D19] $name of a dead run: what was before it, a gap, its end",
  async ({ damage, isMissing, returncode, reason }) => {
    machine = await TestMachine.open();
    await machine.leave();
    const folder = leaveDeadRun(machine, outputs);
    damage(folder);
    machine.acknowledges = false;
    for (let start = 0; start < 2; start++) {
      await machine.begin();
      await machine.leave();
    }
    await machine.begin();
    const healthy = await machine.start({ command: "echo fine" });
    await machine.fact(healthy, "exited");
    expect(machine.typesOf(deadRun)).not.toContain("gap");
    machine.acknowledges = true;
    machine.pump();
    expect(await machine.fact(deadRun, "exited")).toMatchObject({ returncode, reason });
    expect(machine.facts().filter(({ type }) => type === "loss")).toEqual([]);
    const facts = machine.factsOf(deadRun);
    const types = facts.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(["starting", "started", "output"]);
    expect(types.slice(-2)).toEqual(["gap", "exited"]);
    expect(facts.at(-2)).toMatchObject({ from_offset: null, to_offset: null, reason: "damaged" });
    expect(types.filter((type) => type === "gap" || type === "exited")).toHaveLength(2);
    const bytes = machine.output(deadRun).all.byteLength;
    if (isMissing) expect(bytes).toBeLessThan(outputs * deadOutputBytes);
    else expect(bytes).toBe(outputs * deadOutputBytes);
    await waitUntil("the folder is gone", () => !existsSync(folder));
  },
);

test("[D19] a spool of which nothing is left is a gap and an end, though what it told before was delivered", async () => {
  machine = await TestMachine.open();
  await machine.leave();
  const folder = leaveDeadRun(machine, 2);
  truncateSync(segmentAt(folder, -1), 0);
  await machine.begin();
  await waitUntil("the folder is gone", () => !existsSync(folder));
  expect(machine.factsOf(deadRun)).toMatchObject([
    { type: "lost" },
    { type: "gap", from_offset: null, to_offset: null, reason: "damaged" },
    { type: "exited", returncode: null, reason: "shim_lost" },
  ]);
});

test("[D19] a spool whose end was delivered owes nothing, whatever stands behind it", async () => {
  machine = await TestMachine.open();
  await machine.leave();
  const folder = leaveDeadRun(machine, 2);
  truncateSync(segmentAt(folder, -1), statSync(segmentAt(folder, -1)).size + 100);
  await machine.begin();
  await waitUntil("the folder is gone", () => !existsSync(folder));
  expect(machine.typesOf(deadRun)).toEqual(["starting", "started", "output", "output", "exited"]);
});

test("[D19] [P6] damage of what was delivered from memory is none: nothing follows the run's end", async () => {
  machine = await TestMachine.open();
  const started = await machine.start({ command: "echo up; read x" });
  await machine.printed(started, "up\n");
  const folder = join(machine.dataFolder, "runs", `${started}-1`);
  flipBit(folder, 0, 20);
  await machine.stop(started);
  await waitUntil("the folder is gone", () => !existsSync(folder));
  expect(machine.typesOf(started).filter((type) => type === "exited" || type === "gap")).toEqual(["exited"]);
});

test("[D19] damage that is found when all before it is acknowledged holds nothing up", async () => {
  machine = await TestMachine.open();
  await machine.leave();
  const folder = leaveDeadRun(machine, outputs);
  flipBit(folder, 3, 20);
  const spec = readRunSpec(folder);
  if (spec === null) throw new Error("the run has a spec");
  const drained = Promise.withResolvers<readonly RunFact[]>();
  const onDrained = (_: FollowedRun, owed: readonly RunFact[]): void => drained.resolve(owed);
  const nothing = (): void => {};
  const told = { log: nothing, tell: nothing, onAppend: nothing, onDrained };
  const run = new FollowedRun({ folder, spec, boot: "", now: () => 5, ...told });
  run.recover();
  await run.over;
  for (let next = 1; ; run.acknowledged(next)) {
    const records = run.reader.read(next, 300, 3);
    if (records.length === 0) break;
    next += records.length;
  }
  expect(await drained.promise).toMatchObject([{ type: "gap" }, { type: "exited", returncode: 6 }]);
});

test("[D19] a run that lives while its spool is damaged can still be followed to its end", async () => {
  machine = await TestMachine.open({ segmentBytes: 1000 });
  machine.acknowledges = false;
  const command = "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo line $i; sleep 0.02; done; read x; exit 6";
  const started = await machine.start({ command });
  await machine.printed(started, "line 40\n");
  await machine.leave();
  flipBit(join(machine.dataFolder, "runs", `${started}-1`), 2, 20);
  machine.taken.clear();
  machine.acknowledges = true;
  await machine.begin();
  expect(await machine.stop(started)).toMatchObject({ outcome: "done", stopped: true });
  expect(await machine.fact(started, "exited")).toMatchObject({ reason: "stopped" });
  expect(machine.typesOf(started).slice(-2)).toEqual(["gap", "exited"]);
  expect(machine.output(started).all.toString()).not.toContain("line 40");
});

test("[D19] what a spool of an earlier start lost is said once, and nothing waits for it", async () => {
  machine = await TestMachine.open();
  machine.acknowledges = false;
  for (let time = 0; time < 3; time++) await machine.start({ command: "true" });
  await machine.leave();
  machine.taken.clear();
  const spools = join(machine.dataFolder, "spools");
  const [old = ""] = readdirSync(spools);
  flipBit(join(spools, old), 0, 20);
  machine.acknowledges = true;
  await machine.begin();
  await waitUntil("it is drained", () => !existsSync(join(spools, old)));
  expect(machine.facts().filter(({ type }) => type === "loss")).toMatchObject([{ reason: "damaged" }]);
});

import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { expect, onTestFinished, test, vi } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";
import { measureSegments } from "../spool/segments.ts";
import { listRunFolders } from "./run-folder.ts";

const MiB = 1024 * 1024;
const flood = { command: "seq 1 1000000000" };

const heldBytes = (machine: TestMachine): number[] =>
  listRunFolders(join(machine.dataFolder, "runs")).map((folder) => measureSegments(folder));

/** Resolves with what all spools hold when that has not changed for a while. */
async function standstill(machine: TestMachine, isEnough: (held: number[]) => boolean): Promise<number[]> {
  let [before, looks] = ["", 0];
  return await waitUntil("the spools stand still", () => {
    const held = heldBytes(machine);
    looks = String(held) === before ? looks + 1 : 0;
    before = String(held);
    return looks > 75 && isEnough(held) && held;
  });
}

function expectOrder(machine: TestMachine, of: ProcessId): void {
  const lines = machine.output(of).all.toString().split("\n").slice(0, -1);
  expect(lines.length).toBeGreaterThan(1000);
  expect(lines.every((line, at) => line === String(at + 1))).toBe(true);
}

test("[D24] [C5] a machine's spools share its bound: floods are slowed, nothing is lost, and nothing new starts meanwhile", async () => {
  const machine = await TestMachine.open({ spoolBytes: 4 * MiB, machineSpoolBytes: 4 * MiB, segmentBytes: MiB / 8 });
  onTestFinished(() => machine.end());
  machine.acknowledges = false;
  const floods = await Promise.all([machine.start(flood), machine.start(flood)]);
  // Until the bounds are handed out each goes to half of its own.
  await standstill(machine, (held) => held.every((bytes) => bytes > MiB));
  expect(await machine.ask({ op: "start", request: { command: "true" } })).toMatchObject({
    outcome: "refused",
    code: "spool_full",
  });
  const slack = 3 * 65_536 + MiB / 8;
  // What one holds when the shares are handed out decides the other's for a second, at the most all but a mebibyte.
  await waitUntil("they stand still at even shares", async () => {
    const goals = floods.map((of) => machine.output(of).all.byteLength + 3 * MiB);
    machine.acknowledges = true;
    machine.pump();
    await waitUntil("both go on", () => floods.every((of, at) => machine.output(of).all.byteLength > (goals[at] ?? 0)));
    machine.acknowledges = false;
    const held = await standstill(machine, (all) => all.every((one) => one > MiB / 2));
    for (const bytes of held) expect(bytes).toBeLessThan(1.5 * MiB + slack);
    // Half of the half it has.
    return held.every((bytes) => bytes < MiB + slack);
  });
  machine.acknowledges = true;
  machine.pump();
  for (const of of floods) {
    expect(await machine.stop(of)).toMatchObject({ outcome: "done", stopped: true });
    expectOrder(machine, of);
  }
  expect(await machine.ask({ op: "start", request: { command: "true" } })).toMatchObject({ outcome: "done" });
});

/** A small disk of its own for what is put in the folder for temporary files; null where this user may not make one. */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "longwire-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  onTestFinished(() => {
    // Lazily: a shim that is just leaving may still have its folder open.
    execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Takes what a piece of output has no room in. */
function fillUp(file: string): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(4096));
  } catch {
    // Full.
  }
}

test("[D16] [C5] a disk that is full slows a flood and refuses starts; with space again all goes on and nothing is lost", async ({
  skip,
}) => {
  const disk = mountSmallDisk();
  if (disk === null) return skip("this user may not mount a disk");
  mkdirSync(join(disk, "tmp"));
  vi.stubEnv("TMPDIR", join(disk, "tmp"));
  const machine = await TestMachine.open({ segmentBytes: MiB / 4 });
  vi.unstubAllEnvs();
  onTestFinished(() => machine.end());
  machine.acknowledges = false;
  const started = await machine.start(flood);
  await standstill(machine, ([held]) => (held ?? 0) > 4 * MiB);
  fillUp(join(disk, "filler"));
  const refused = machine.dispatch({ op: "start", request: { command: "true" } });
  machine.acknowledges = true;
  machine.pump();
  expect(await machine.outcome(refused)).toMatchObject({ outcome: "refused", code: "spool_full" });
  await waitUntil("the flood goes on", () => machine.output(started).all.byteLength > 12 * MiB);
  // While it floods it may take what room there is at any moment.
  expect(await machine.stop(started)).toMatchObject({ outcome: "done", stopped: true });
  expect(await machine.ask({ op: "start", request: { command: "true" } })).toMatchObject({ outcome: "done" });
  expectOrder(machine, started);
});

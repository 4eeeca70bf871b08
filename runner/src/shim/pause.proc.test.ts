import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";
import { identify } from "@longwire/shared/node/process-identity.ts";
import { type ProcessRow, readProcessTable } from "../processes/process-table.ts";
import { readRunSpec } from "./run-spec.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

const node = process.execPath;
const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);

function membersOf(started: ProcessId): ProcessRow[] {
  const spec = readRunSpec(join(machine.dataFolder, "runs", `${started}-1`));
  return readProcessTable().filter((row) => row.marker === spec?.marker && !row.zombie);
}

/** A process halts once it comes to run. */
const allHalted = (started: ProcessId): Promise<ProcessRow[]> =>
  waitUntil("every process is halted", () => {
    const members = membersOf(started);
    return members.every((row) => row.halted) && members;
  });

const ask = (op: "pause" | "resume", started: ProcessId): ReturnType<TestMachine["ask"]> =>
  machine.ask({ op, process: started });

test("[P22] a pause halts every process of the tree, and a resume lets all go on", async () => {
  const started = await machine.start({ command: `'${node}' '${fixture("leaves-its-session.ts")}'; sleep 1000` });
  await machine.printed(started, "left");
  expect(await ask("pause", started)).toMatchObject({ outcome: "done", process: started, run: 1 });
  const halted = await allHalted(started);
  expect(halted.length).toBeGreaterThan(2);
  expect(await ask("pause", started)).toMatchObject({ outcome: "done" });
  await machine.leave();
  await machine.begin();
  expect(await ask("resume", started)).toMatchObject({ outcome: "done" });
  expect(membersOf(started).map((row) => row.halted)).toEqual(halted.map(() => false));
  expect(await ask("resume", started)).toMatchObject({ outcome: "done" });
  const types = machine.typesOf(started).filter((type) => type !== "output");
  expect(types).toEqual(["starting", "started", "paused", "resumed"]);
  await machine.stop(started);
  expect(await ask("pause", started)).toMatchObject({ outcome: "refused", code: "process_ended" });
});

test("[P22] what forks on and on is halted too", async () => {
  const started = await machine.start({ argv: [node, fixture("forks-on.ts")] });
  await waitUntil("a crowd is there", () => membersOf(started).length > 6);
  expect(await ask("pause", started)).toMatchObject({ outcome: "done" });
  const pids = (await allHalted(started)).map(({ pid }) => pid);
  expect(membersOf(started).map(({ pid }) => pid)).toEqual(pids);
  expect(await machine.stop(started)).toMatchObject({ stopped: true, survivors: [] });
});

test("[P22] a paused run ends as politely as another when it is stopped", async () => {
  const started = await machine.start({ argv: [node, fixture("answers-int.ts")] });
  await machine.printed(started, "up");
  await ask("pause", started);
  expect(await machine.stop(started, "SIGINT", 5000)).toMatchObject({ stopped: true, survivors: [] });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 5, reason: "stopped" });
});

test("[P23] what a run leaves in the background lives on where that is asked for", async () => {
  const command = "sh -c 'echo $$; sleep 1000' & sleep 0.1; echo done; exit 6";
  const started = await machine.start({ command, keep_background: true });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 6, signal: null, reason: "exit" });
  expect(machine.typesOf(started)).not.toContain("stopping");
  const pid = Number(machine.output(started).all.toString().split("\n")[0]);
  expect(identify(pid)?.zombie).toBe(false);
  process.kill(pid, "SIGKILL");
});

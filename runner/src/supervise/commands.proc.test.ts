import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainPolicy } from "../admit/policy.ts";
import { newCommandId, TestMachine } from "../fixtures/machine.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { listRunFolders } from "./run-folder.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open({
    environment: { ...process.env, LONGWIRE_SECRET: "hidden", KEPT: "kept" },
    maxLive: 3,
  });
});
afterAll(() => machine.end());

test("[C3] one command starts one process and has one outcome, however often it comes", async () => {
  const id = newCommandId();
  const operation = { op: "start", request: { command: "echo ran >> ran" } } as const;
  for (let times = 0; times < 3; times++) machine.dispatch(operation, id);
  const { process: started } = await machine.outcome(id);
  await machine.fact(started ?? ("" as ProcessId), "exited");
  machine.dispatch(operation, id);
  await machine.leave();
  await machine.begin();
  machine.dispatch(operation, id);
  await machine.start({ command: "true" });
  expect(machine.outcomes(id)).toHaveLength(1);
  expect(readFileSync(join(machine.folder, "ran"), "utf8")).toBe("ran\n");
});

test("[C3] a command that came too late is refused, and may come again with a later expiry", async () => {
  const id = newCommandId();
  const operation = { op: "start", request: { command: "echo late >> late" } } as const;
  machine.dispatch(operation, id, true);
  machine.dispatch(operation, id, true);
  expect(machine.outcomes(id)).toMatchObject([{ outcome: "refused", code: "runner_timeout" }]);
  machine.dispatch(operation, id);
  await waitUntil("the second outcome", () => machine.outcomes(id).length === 2);
  expect(machine.outcomes(id)[1]).toMatchObject({ outcome: "done" });
});

test("[P3] a name belongs to one live process; after its end the same name begins the next run", async () => {
  const started = await machine.start({ command: "sleep 1000", name: "db" });
  const again = { op: "start", request: { command: "true", name: "db" } } as const;
  expect(await machine.ask(again)).toMatchObject({
    outcome: "refused",
    code: "name_taken",
    detail: expect.stringContaining(started) as string,
  });
  await machine.stop(started);
  expect(await machine.ask(again)).toMatchObject({ outcome: "done", process: started, run: 2 });
});

test("[P11] no more processes live than the machine allows", async () => {
  await waitUntil("no process lives", () => machine.supervisor?.liveRuns().length === 0);
  const all = await Promise.all([1, 2, 3].map(() => machine.start({ command: "sleep 1000" })));
  const more = { op: "start", request: { command: "true" } } as const;
  expect(await machine.ask(more)).toMatchObject({ outcome: "refused", code: "limit_reached" });
  await Promise.all(all.map((one) => machine.stop(one)));
  expect(await machine.ask(more)).toMatchObject({ outcome: "done" });
});

test("[C3] what is asked of a process that never was is refused; a stop of an ended one is done", async () => {
  const started = await machine.start({ command: "true" });
  await machine.fact(started, "exited");
  expect(await machine.stop(started)).toMatchObject({ outcome: "done", stopped: true, survivors: [] });
  expect(await machine.stop("p99999" as ProcessId)).toMatchObject({ outcome: "refused", code: "not_found" });
  const signal = { op: "signal", signal: "SIGINT", tree: false } as const;
  expect(await machine.ask({ ...signal, process: started })).toMatchObject({
    outcome: "refused",
    code: "process_ended",
  });
  expect(await machine.ask({ ...signal, process: "p99999" as ProcessId })).toMatchObject({
    outcome: "refused",
    code: "not_found",
  });
});

test("[P12] a working folder that is not there is refused before anything is started", async () => {
  const before = listRunFolders(join(machine.dataFolder, "runs")).length;
  const missing = await machine.ask({ op: "start", request: { command: "true", cwd: "no/such/folder" } });
  expect(missing).toMatchObject({ outcome: "refused", code: "invalid_request", errors: [{ path: "cwd" }] });
  writeFileSync(join(machine.folder, "file"), "");
  const file = await machine.ask({ op: "start", request: { command: "true", cwd: "file" } });
  expect(file.errors?.[0]?.message).toContain("is no folder");
  expect(listRunFolders(join(machine.dataFolder, "runs"))).toHaveLength(before);
  const started = await machine.start({ command: "pwd", cwd: ".." });
  await machine.fact(started, "exited");
  expect(machine.output(started).all.toString().trim()).toBe(join(machine.folder, ".."));
});

test("[P4] a child gets neither the runner's secrets nor what package managers put in the way", async () => {
  const started = await machine.start({ command: "env", env: { GIVEN: "given" } });
  await machine.fact(started, "exited");
  const environment = machine.output(started).all.toString().split("\n");
  expect(environment).toEqual(expect.arrayContaining(["KEPT=kept", "GIVEN=given", "GIT_TERMINAL_PROMPT=0"]));
  expect(environment.filter((line) => /^(LONGWIRE_|npm_)/.test(line))).toEqual([]);
});

test("[T9] what a run leaves on disk is the owner's alone, and its environment does not stay there", async () => {
  const started = await machine.start({ command: "echo up; sleep 1000", env: { PASSWORD: "open sesame" } });
  await machine.printed(started, "up");
  const folder = join(machine.dataFolder, "runs", `${started}-1`);
  expect(existsSync(join(folder, "environment.json"))).toBe(false);
  expect(readFileSync(join(folder, "spec.json"), "utf8")).not.toContain("open sesame");
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of ["spec.json", "claim", "shim.json", "0000000000000001.seg"]) {
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
  }
  const spec = JSON.parse(readFileSync(join(folder, "spec.json"), "utf8")) as { socket: string };
  expect(statSync(spec.socket).isSocket()).toBe(true);
  expect(statSync(join(spec.socket, "..")).mode & 0o777).toBe(0o700);
  await machine.stop(started);
});

test("[T6] a machine that asks its owner runs nothing else, and says what would allow it", async () => {
  const strict = await TestMachine.open({ policy: plainPolicy("ask") });
  const outcome = await strict.ask({ op: "start", request: { command: "echo never > never" } });
  expect(outcome).toMatchObject({
    outcome: "refused",
    code: "denied_by_machine",
    hint: expect.stringContaining("--allow-all") as string,
  });
  expect(existsSync(join(strict.folder, "never"))).toBe(false);
  expect(listRunFolders(join(strict.dataFolder, "runs"))).toEqual([]);
  await strict.end();
});

test("[D14] what is acknowledged is removed from disk, and a spool that is gone is said to be", async () => {
  const started = await machine.start({ command: "true" });
  await machine.fact(started, "exited");
  await waitUntil("the folder is gone", () => !existsSync(join(machine.dataFolder, "runs", `${started}-1`)));
  expect(machine.gone.length).toBeGreaterThan(0);
});

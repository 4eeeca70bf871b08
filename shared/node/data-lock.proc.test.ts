import { rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { takeDataLock } from "./data-lock.ts";
import { makeFolder, startProgram, type Program } from "./fixtures/programs.ts";
import { waitUntil } from "./fixtures/wait-until.ts";
import { identify, isAlive, ownIdentity } from "./process-identity.ts";

const startLocker = (folder: string): Program =>
  startProgram(process.execPath, [
    "--expose-gc",
    path.join(import.meta.dirname, "fixtures/lock-until-killed.ts"),
    folder,
  ]);

it("[E2] whoever comes second is told the holder's pid, and may come again when it is gone", async () => {
  const folder = makeFolder();
  const holder = startLocker(folder);
  expect(await holder.readLine()).toBe("taken");
  await expect(takeDataLock(folder)).rejects.toThrow(`${folder} is in use by process ${holder.pid}:`);
  await holder.kill();
  const lock = await takeDataLock(folder);
  lock.release();
  lock.release();
});

it("[E2] a process does not share the lock with itself", async () => {
  const folder = makeFolder();
  const lock = await takeDataLock(folder);
  await expect(takeDataLock(folder)).rejects.toThrow(`in use by process ${process.pid}:`);
  expect(await startLocker(folder).readLine()).toContain(`in use by process ${process.pid}:`);
  lock.release();
  expect(await startLocker(folder).readLine()).toBe("taken");
});

it("[E2] of several that come at once, one takes the lock of a killed holder", async () => {
  const folder = makeFolder();
  const killed = startLocker(folder);
  await killed.readLine();
  await killed.kill();
  const lockers = Array.from({ length: 6 }, () => startLocker(folder));
  const outcomes = await Promise.all(lockers.map((locker) => locker.readLine()));
  const winner = lockers[outcomes.indexOf("taken")];
  expect(outcomes.filter((outcome) => outcome !== "taken")).toEqual(
    Array.from({ length: 5 }, () => expect.stringContaining(`in use by process ${winner?.pid}:`)),
  );
});

it("[E2] a holder that cannot be named is a holder all the same", async () => {
  const folder = makeFolder();
  const holder = startLocker(folder);
  await holder.readLine();
  writeFileSync(path.join(folder, "holder.json"), JSON.stringify({ pid: process.pid, started: "another time" }));
  await expect(takeDataLock(folder)).rejects.toThrow("in use by a process this one cannot see");
  rmSync(path.join(folder, "holder.json"));
  await expect(takeDataLock(folder)).rejects.toThrow("in use by a process this one cannot see");
});

it("[E2] the lock's files are the user's alone", async () => {
  const folder = makeFolder();
  const lock = await takeDataLock(folder);
  for (const name of ["lock", "holder.json"]) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  lock.release();
});

it("[E2] a pid is the same process only with its start time, and not as a zombie", async () => {
  expect(isAlive(ownIdentity())).toBe(true);
  expect(isAlive({ pid: process.pid, started: "another time" })).toBe(false);

  // The shell's child becomes the child of a program that never waits for it.
  const script = 'sleep 60 & echo $!; exec "$0" -e "console.log(0); process.stdin.resume()"';
  const parent = startProgram("/bin/sh", ["-c", script, process.execPath]);
  const zombie = Number(await parent.readLine());
  await parent.readLine();
  expect(identify(zombie)).toMatchObject({ pid: zombie, zombie: false });
  process.kill(zombie, "SIGKILL");
  await waitUntil("the killed child is a zombie", () => identify(zombie)?.zombie ?? false);
  expect(() => process.kill(zombie, 0)).not.toThrow();
});

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { identify, isAlive, ownIdentity, readBootId } from "@longwire/shared/node/process-identity.ts";
import { findAllListeners, findListeners } from "./listening-ports.ts";
import { markerName, readCommandLine, readProcessTable } from "./process-table.ts";

test("[P7] a process is known by pid and start time together", () => {
  const own = ownIdentity();
  expect(isAlive(own)).toBe(true);
  expect(isAlive({ ...own, started: "another time" })).toBe(false);
  expect(identify(999_999_999)).toBeNull();
  expect(readBootId()).not.toBe("");
});

test("[P7] a marked child is seen with its group, session and state, until it is gone", async () => {
  const child = spawn("sleep", ["1000"], {
    detached: true,
    stdio: "ignore",
    env: { ...process.env, [markerName]: "mine" },
  });
  const pid = child.pid ?? 0;
  const row = await waitUntil("the child runs its program", () =>
    readProcessTable().find((one) => one.pid === pid && one.marker === "mine"),
  );
  expect(row).toMatchObject({
    ppid: process.pid,
    pgid: pid,
    zombie: false,
    halted: false,
    started: identify(pid)?.started,
  });
  expect(readCommandLine(pid)).toBe("sleep 1000");
  process.kill(pid, "SIGSTOP");
  await waitUntil("the child is halted", () => readProcessTable().some((one) => one.pid === pid && one.halted));
  process.kill(pid, "SIGKILL");
  await waitUntil("the child is gone", () => !readProcessTable().some((one) => one.pid === pid && !one.zombie));
});

test("[P7] [P38] the ports a process listens on are found, with their addresses, also among all of the machine", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const listener = { port, address: "127.0.0.1", pid: process.pid };
  expect(findListeners([process.pid, 999_999_999])).toContainEqual(listener);
  const pids = readProcessTable().map(({ pid }) => pid);
  expect(findAllListeners(pids, [])).toContainEqual(listener);
  expect(findAllListeners(pids, [process.pid]).filter((one) => one.port === port)).toEqual([listener]);
  server.close();
  await waitUntil("the port is free", () => findAllListeners(pids, []).every((one) => one.port !== port));
});

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { identify, isAlive, ownIdentity, readBootId } from "@longwire/shared/node/process-identity.ts";
import { findListeningPorts } from "./listening-ports.ts";
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
    readProcessTable("mine").find((one) => one.pid === pid && one.marked),
  );
  expect(row).toMatchObject({
    ppid: process.pid,
    pgid: pid,
    zombie: false,
    halted: false,
    started: identify(pid)?.started,
  });
  expect(readCommandLine(pid)).toBe("sleep 1000");
  expect(readProcessTable("another").find((one) => one.pid === pid)?.marked).toBe(false);
  process.kill(pid, "SIGSTOP");
  await waitUntil("the child is halted", () => readProcessTable("mine").some((one) => one.pid === pid && one.halted));
  process.kill(pid, "SIGKILL");
  await waitUntil("the child is gone", () => !readProcessTable("mine").some((one) => one.pid === pid && !one.zombie));
});

test("[P7] the ports a process listens on are found", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  expect(findListeningPorts([process.pid, 999_999_999]).get(process.pid)).toContain(port);
  server.close();
});

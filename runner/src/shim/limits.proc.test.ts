import { afterAll, beforeAll, expect, test } from "vitest";
import { limitReasons } from "@longwire/shared/limit-reasons.ts";
import type { RunLimit } from "@longwire/shared/run-limits.ts";
import { KilledRunner } from "../fixtures/killed-runner.ts";
import { TestMachine } from "../fixtures/machine.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { isAlive } from "@longwire/shared/node/process-identity.ts";
import { join } from "node:path";
import { readShimStatus } from "./shim-status.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

const node = process.execPath;
const idle = "setInterval(() => {}, 1000);";

/** A program that reaches each limit, and the limit. */
const habits: Readonly<Record<RunLimit, { readonly argv: string[]; readonly allowed: number }>> = {
  run_ms: { argv: ["sh", "-c", "while :; do echo on; sleep 0.05; done"], allowed: 400 },
  idle_ms: { argv: ["sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 0.05; done; sleep 1000"], allowed: 1000 },
  output_bytes: { argv: ["sh", "-c", "yes | head -c 5000; sleep 1000"], allowed: 5000 },
  memory_bytes: { argv: [node, "-e", `globalThis.held = Buffer.alloc(200e6, 1); ${idle}`], allowed: 150e6 },
  cpu_ms: { argv: ["sh", "-c", "while :; do :; done"], allowed: 300 },
  open_files: {
    argv: [node, "-e", `for (let i = 0; i < 100; i++) require("fs").openSync("/dev/null"); ${idle}`],
    allowed: 100,
  },
};

test.for(Object.entries(habits))(
  "[P30] a run that reaches %s is told of and stopped, with the reason",
  async ([limit, { argv, allowed }]) => {
    const started = await machine.start({ argv, limits: { [limit]: allowed } });
    expect(await machine.fact(started, "exited")).toMatchObject({ reason: limitReasons[limit as RunLimit] });
    const told = await machine.fact(started, "limit");
    expect(told).toMatchObject({ limit, allowed });
    expect(told.value).toBeGreaterThanOrEqual(allowed);
    const types = machine.typesOf(started).filter((type) => type !== "output");
    expect(types.slice(0, 4)).toEqual(["starting", "started", "limit", "stopping"]);
  },
);

test("[P30] a limit that is not reached changes nothing, and input counts as activity", async () => {
  const limits = { run_ms: 60_000, idle_ms: 60_000, output_bytes: 1e6, memory_bytes: 1e9, cpu_ms: 60_000 };
  const started = await machine.start({ command: "echo fine", limits });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 0, reason: "exit" });
  expect(machine.typesOf(started)).not.toContain("limit");
});

test("[P30] limits hold while no runner lives", async () => {
  const alone = new TestMachine();
  try {
    const runner = await KilledRunner.start(alone);
    runner.dispatch({ op: "start", request: { command: "sleep 1000", limits: { run_ms: 1500 } } });
    const status = await waitUntil("it runs", () => readShimStatus(join(alone.dataFolder, "runs", "p1-1")));
    await runner.kill();
    await waitUntil("the shim is gone", () => !isAlive(status.shim));
    await alone.begin();
    expect(await alone.fact("p1" as ProcessId, "exited")).toMatchObject({ reason: "timeout" });
  } finally {
    await KilledRunner.killAll();
    await alone.end();
  }
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { afterEach, expect, test } from "vitest";
import type { Policy } from "../admit/policy.ts";
import { readPolicyText } from "../admit/policy-source.ts";
import { TestMachine } from "../fixtures/machine.ts";

let machine: TestMachine;
afterEach(() => machine.end());

/** A machine that knows these commands, which run in its folder. */
async function open(commands: Record<string, object>): Promise<void> {
  const current = (): Policy => {
    const all = Object.entries(commands).map(([name, command]) => [name, { cwd: machine.folder, ...command }] as const);
    const read = readPolicyText(JSON.stringify({ version: 1, mode: "named", commands: Object.fromEntries(all) }));
    if (!read.ok) throw new Error(read.fault.message);
    return { type: "read", mode: "named", file: read.value };
  };
  machine = new TestMachine({ policy: { current } });
  await machine.begin();
}

/** Of each command that was started, by its name. */
function processOf(use: string): ReturnType<TestMachine["factsOf"]>[number]["process"] | null {
  for (const fact of machine.facts()) if (fact.type === "starting" && fact.label.use === use) return fact.process;
  return null;
}

const until = (file: string): string => `until test -e ${file}; do sleep 0.02; done`;

test("[P43] what is needed runs first, as far as it is needed, and what lives is taken as it is", async () => {
  await open({
    db: { command: `${until("up")}; touch ready; exec sleep 1000`, ready: { command: "test -e ready" } },
    build: { command: until("built"), needs: { db: "started" } },
    web: { command: "exec sleep 1000", needs: { build: "completed", db: "ready" } },
  });
  const web = await machine.start({ use: "web" });
  expect(await machine.fact(web, "pending")).toMatchObject({
    waiting_for: "needs",
    label: { use: "web", name: "web" },
  });
  const build = await waitUntil("build began", () => processOf("build"));
  await machine.fact(build, "started");
  expect(machine.typesOf(web)).not.toContain("starting");
  writeFileSync(join(machine.folder, "built"), "");
  await machine.fact(build, "exited");
  await waitUntil("it waits for db alone", () => {
    const said = machine.factsOf(web).findLast((fact) => fact.type === "pending");
    return said?.type === "pending" && said.detail?.match(/^It needs db \(p\d+\) to be ready\.$/);
  });
  expect(machine.typesOf(web)).not.toContain("starting");
  writeFileSync(join(machine.folder, "up"), "");
  await machine.fact(web, "started");
  const db = processOf("db");
  expect(machine.facts().filter((fact) => fact.type === "starting" && fact.label.use === "db")).toHaveLength(1);

  await machine.stop(web);
  await machine.start({ use: "web" });
  await waitUntil("web runs again", () => machine.typesOf(web).filter((type) => type === "started").length === 2);
  expect(processOf("db")).toBe(db);
  expect(machine.facts().filter((fact) => fact.type === "starting" && fact.label.use === "build")).toHaveLength(2);
});

test("[P43] a need that cannot be met any more fails what waits for it, with the reason", async () => {
  await open({
    build: { command: "exit 3" },
    test: { command: "true", needs: { build: "completed" } },
    all: { command: "true", needs: { test: "started" } },
  });
  const all = await machine.start({ use: "all" });
  expect(await machine.fact(all, "failed")).toMatchObject({
    reason: "spawn_failed",
    detail: expect.stringContaining("test") as string,
  });
  const failed = machine.facts().filter((fact) => fact.type === "failed");
  expect(failed).toMatchObject([
    { detail: "It needs build to be completed, which ended with code 3." },
    { process: all, detail: "It needs test to be started, which ended (spawn_failed)." },
  ]);
});

test("[P43] what waits for its needs goes on doing so when the runner was gone, and can be stopped", async () => {
  await open({
    build: { command: until("built") },
    web: { command: "exec sleep 1000", needs: { build: "completed" } },
    api: { command: "exec sleep 1000", needs: { build: "completed" } },
  });
  const web = await machine.start({ use: "web" });
  const api = await machine.start({ use: "api" });
  // A run whose shim did not claim it before the runner went never begins.
  const build = await waitUntil("build began", () => processOf("build"));
  await machine.fact(build, "started");
  await machine.leave();
  await machine.begin();
  expect(await machine.stop(api)).toMatchObject({ stopped: true });
  expect(await machine.fact(api, "failed")).toMatchObject({ reason: "stopped" });
  writeFileSync(join(machine.folder, "built"), "");
  await machine.fact(web, "started");
  expect(machine.typesOf(api)).not.toContain("starting");
});

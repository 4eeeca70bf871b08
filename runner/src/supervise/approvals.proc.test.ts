import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { ApprovalId, ProcessId } from "@longwire/shared/ids.ts";
import { approvalTtlMs, maxPendingApprovals } from "@longwire/shared/limits.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { ApprovalFact } from "@longwire/shared/wire/facts.ts";
import type { Policy } from "../admit/policy.ts";
import { policySchema } from "../admit/policy-schema.ts";
import type { Asked } from "../approve/approval-desk.ts";
import { KilledRunner } from "../fixtures/killed-runner.ts";
import { TestMachine } from "../fixtures/machine.ts";

let machine: TestMachine;
afterEach(async () => {
  await KilledRunner.killAll();
  await machine.end();
});

/** What the owner's file says now, and what the machine's clock shows. */
let file: object = {};
let uptimeMs = 1000;
const options = {
  policy: {
    current: (): Policy => {
      const parsed = policySchema.parse({ version: 1, ...file });
      return { type: "read", mode: parsed.mode, file: parsed };
    },
  },
  owner: { isReachable: () => true, remember: () => {} },
  uptimeMs: () => uptimeMs,
};

async function openMachine(policy: object = {}): Promise<void> {
  file = policy;
  uptimeMs = 1000;
  machine = await TestMachine.open(options);
}

function asked(): Asked[] {
  return machine.supervisor?.approvals.asked() ?? [];
}

function decide(id: ApprovalId, decision: "once" | "deny" = "once"): unknown {
  return machine.supervisor?.approvals.decide(id, decision, "local");
}

/** Starts what needs an approval; the process, and the one that waits for it. */
async function startAsked(request: StartRequest): Promise<{ readonly process: ProcessId; readonly asked: Asked }> {
  const process = await machine.start(request);
  const one = asked().find(({ of }) => of.process === process);
  if (one === undefined) throw new Error(`${process} is not asked about`);
  return { process, asked: one };
}

const decisions = (process: ProcessId): string[] =>
  machine
    .factsOf(process)
    .filter((fact): fact is ApprovalFact => fact.type === "approval")
    .map(({ decision, by }) => (by === undefined ? decision : `${decision} by ${by}`));

const ran = (): string =>
  existsSync(join(machine.folder, "ran")) ? readFileSync(join(machine.folder, "ran"), "utf8") : "";

test("[T40] what is not named waits for the owner; a yes lets it begin, a no and no answer deny it", async () => {
  await openMachine();
  const yes = await startAsked({ command: "echo yes >> ran" });
  const no = await startAsked({
    command: "echo no >> ran",
    restart: { policy: "always", max: 5, delay_ms: 0, max_delay_ms: 0 },
  });
  const late = await startAsked({ command: "echo late >> ran" });
  expect(await machine.fact(yes.process, "pending")).toMatchObject({
    waiting_for: "approval",
    detail: expect.stringContaining(`runner approve ${yes.asked.id}`) as string,
  });
  decide(yes.asked.id);
  await machine.fact(yes.process, "exited");
  decide(no.asked.id, "deny");
  expect(await machine.fact(no.process, "failed")).toMatchObject({ reason: "denied" });
  uptimeMs += approvalTtlMs;
  expect(decide(late.asked.id)).toMatchObject({ refusal: { code: "not_found" } });
  expect(await machine.fact(late.process, "failed")).toMatchObject({ reason: "denied" });
  expect([yes, no, late].map(({ process }) => decisions(process))).toEqual([
    ["asked", "once by local"],
    ["asked", "denied by local"],
    ["asked", "expired"],
  ]);
  expect(ran()).toBe("yes\n");
  expect(machine.supervisor?.liveRuns()).toEqual([]);
});

test("[T40] where nobody can be asked it is denied at once, and nothing is kept", async () => {
  await openMachine({ approve: [] });
  expect(await machine.ask({ op: "start", request: { command: "echo >> ran" } })).toMatchObject({
    ...{ outcome: "refused", code: "denied_by_machine" },
    detail: expect.stringContaining("nobody to ask") as string,
  });
  file = {};
  expect(await machine.ask({ op: "start", request: { command: `echo ${"x".repeat(20_000)}` } })).toMatchObject({
    ...{ outcome: "refused", code: "denied_by_machine" },
    detail: expect.stringContaining("too long") as string,
  });
  expect(machine.facts().some(({ type }) => type === "approval" || type === "pending")).toBe(false);
  expect(ran()).toBe("");
});

test("[T40] only so many wait for the owner, and none of them holds up a stop, or the runner's end", async () => {
  await openMachine();
  const first = await startAsked({ command: "echo >> ran", name: "first" });
  for (let count = 1; count < maxPendingApprovals; count++) await machine.start({ command: "echo >> ran" });
  expect(await machine.ask({ op: "start", request: { command: "true" } })).toMatchObject({ code: "limit_reached" });
  expect(await machine.stop(first.process)).toMatchObject({ outcome: "done", stopped: true });
  expect(await machine.fact(first.process, "failed")).toMatchObject({ reason: "stopped" });
  expect(decisions(first.process)).toEqual(["asked", "withdrawn"]);
  expect(decide(first.asked.id)).toMatchObject({ refusal: { code: "not_found" } });
  await startAsked({ command: "echo >> ran", name: "first" });
  await machine.supervisor?.stopAll(0);
  expect(asked()).toEqual([]);
  expect(machine.supervisor?.liveRuns()).toEqual([]);
  expect(ran()).toBe("");
});

test("[T41] an approval is used once: a repeat, another run and a restart somebody asks for need their own", async () => {
  await openMachine();
  const { process, asked: one } = await startAsked({ command: "echo ran >> ran; sleep 1000" });
  decide(one.id);
  expect(decide(one.id)).toMatchObject({ refusal: { code: "not_found" } });
  await machine.fact(process, "started");
  await startAsked({ command: "echo ran >> ran; sleep 1000" });
  await machine.ask({ op: "restart", process, signal: "SIGINT", grace_ms: 300 });
  await waitUntil("its second run is asked about", () =>
    asked().some(({ of }) => of.process === process && of.run === 2),
  );
  expect(asked()).toHaveLength(2);
  expect(ran()).toBe("ran\n");
});

test("[T41] runs that a policy begins are covered by what was approved, while the same runs", async () => {
  await openMachine();
  const always = { policy: "always", max: 100, delay_ms: 0, max_delay_ms: 1 } as const;
  const script = join(machine.folder, "job.sh");
  const write = (text: string): void => {
    writeFileSync(`${script}.new`, `#!/bin/sh\n${text}\n`);
    chmodSync(`${script}.new`, 0o755);
    renameSync(`${script}.new`, script);
  };
  write("echo first >> ran; sleep 0.02");
  const { process, asked: one } = await startAsked({ argv: ["./job.sh"], restart: always });
  decide(one.id);
  await waitUntil("it began again by itself", () => ran().split("\n").length > 3);
  write("echo other >> ran");
  const again = await waitUntil("the owner is asked about the other program", () => asked()[0]);
  expect(again.of).toMatchObject({ process });
  expect(ran()).not.toContain("other");
  await machine.stop(process);
});

test("[T41] what waits for the owner outlives the runner and is asked anew; a yes to the old question does not count", async () => {
  machine = new TestMachine(options);
  file = {};
  uptimeMs = 1000;
  await machine.begin();
  const { process, asked: one } = await startAsked({ command: "echo >> ran" });
  await machine.leave();
  await machine.begin();
  const [anew] = asked();
  expect(anew).toMatchObject({ of: { process, run: 1 } });
  expect(anew?.id).not.toBe(one.id);
  expect(decide(one.id)).toMatchObject({ refusal: { code: "not_found" } });
  if (anew !== undefined) decide(anew.id);
  await machine.fact(process, "exited");
  expect(decisions(process)).toEqual(["asked", "asked", "once by local"]);
});

/** What is changed between the owner's yes and the beginning, which its queue holds up until then. */
const changes: readonly (readonly [what: string, change: () => void])[] = [
  ["the program's file", () => writeFileSync(join(machine.folder, "bin/tool"), "#!/bin/sh\necho evil >> ran\n")],
  ["the program found first", () => program("first/tool", "evil")],
  [
    "the folder",
    () => {
      rmSync(join(machine.folder, "here"));
      symlinkSync(join(machine.folder, "there"), join(machine.folder, "here"));
    },
  ],
  ["a variable", () => void (environment["GIVEN"] = "other")],
  ["what the owner removes", () => void (file = { env: { remove: ["GIVEN"] } })],
];
const environment: Record<string, string> = {};

function program(name: string, says: string): void {
  writeFileSync(join(machine.folder, name), `#!/bin/sh\necho ${says} >> ${join(machine.folder, "ran")}\n`);
  chmodSync(join(machine.folder, name), 0o755);
}

test.for(changes)("[T42] with %s changed after the owner's yes nothing begins", async ([, change]) => {
  machine = new TestMachine({ ...options, environment });
  for (const folder of ["first", "bin", "one", "there"]) mkdirSync(join(machine.folder, folder));
  symlinkSync(join(machine.folder, "one"), join(machine.folder, "here"));
  program("bin/tool", "good");
  const paths = [join(machine.folder, "first"), join(machine.folder, "bin"), process.env["PATH"] ?? ""];
  Object.assign(environment, { PATH: paths.join(":"), GIVEN: "given" });
  file = { mode: "open" };
  uptimeMs = 1000;
  await machine.begin();
  const one = { name: "q", priority: 0, delay_ms: 0, parallel: 1 } as const;
  const gate = await machine.start({ command: "sleep 1000", queue: one });
  file = {};
  const cwd = join(machine.folder, "here");
  const { process: changed, asked: question } = await startAsked({ argv: ["tool"], cwd, queue: one });
  decide(question.id);
  change();
  await machine.stop(gate);
  expect(await machine.fact(changed, "failed")).toMatchObject({
    reason: "denied",
    detail: expect.stringContaining("not what the machine's owner approved") as string,
  });
  expect(ran()).toBe("");
});

test("[T42] the shim looks at program and folder again before it spawns", async () => {
  await openMachine();
  mkdirSync(join(machine.folder, "bin"));
  program("bin/tool", "good");
  const { process: changed, asked: one } = await startAsked({ argv: [join(machine.folder, "bin/tool")] });
  // The decision launches the shim in the same turn; nothing of it runs before this turn is over.
  decide(one.id);
  program("bin/tool", "evil!");
  expect(await machine.fact(changed, "failed")).toMatchObject({ reason: "denied" });
  expect(ran()).toBe("");
});

test("[T14] a run that was approved is judged by the policy as it is when it begins", async () => {
  await openMachine({ mode: "open" });
  const one = { name: "q", priority: 0, delay_ms: 0, parallel: 1 } as const;
  const gate = await machine.start({ command: "sleep 1000", queue: one });
  file = {};
  const { process, asked: question } = await startAsked({ command: "echo >> ran", queue: one });
  decide(question.id);
  file = { mode: "named" };
  await machine.stop(gate);
  expect(await machine.fact(process, "failed")).toMatchObject({ reason: "denied" });
  expect(ran()).toBe("");
});

test("[T44] a command the owner allowed for good begins without being asked about, and no other does", async () => {
  await openMachine();
  file = { always: [{ command: "echo >> ran", cwd: machine.folder }] };
  const process = await machine.start({ command: "echo >> ran" });
  await machine.fact(process, "exited");
  expect(decisions(process)).toEqual([]);
  await startAsked({ command: "echo >> ran", env: { BASH_ENV: "/x" } });
  await startAsked({ command: "echo >> ran ", name: "other" });
});

test("[T47] a decision over the control plane counts only where the owner's file says so", async () => {
  await openMachine();
  const { process, asked: one } = await startAsked({ command: "echo >> ran" });
  const decision = { op: "decide", approval: one.id, decision: "once" } as const;
  expect(await machine.ask(decision)).toMatchObject({ outcome: "refused", code: "denied_by_machine" });
  file = { approve: ["dashboard"] };
  expect(decide(one.id)).toMatchObject({ refusal: { code: "denied_by_machine" } });
  expect(await machine.ask(decision)).toMatchObject({ outcome: "done", process });
  await machine.fact(process, "exited");
  expect(decisions(process)).toEqual(["asked", "once by dashboard"]);
  expect(await machine.ask(decision)).toMatchObject({ outcome: "refused", code: "not_found" });
});

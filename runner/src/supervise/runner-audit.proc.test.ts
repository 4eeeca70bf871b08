import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { chainStart, sealEntry, type AuditEntry, type ChainHead } from "@longwire/shared/audit/entry.ts";
import { verifyChain } from "@longwire/shared/audit/verify.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { newCommandId, TestMachine } from "../fixtures/machine.ts";
import { plainPolicy } from "../admit/policy.ts";
import { AuditFolder, listAuditFiles, readAuditLines } from "./audit-folder.ts";
import { RunnerAudit } from "./runner-audit.ts";

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "longwire-test-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "audit");
}

const read = (folder: string): AuditEntry[] =>
  listAuditFiles(folder).flatMap((file) => readAuditLines(file) as AuditEntry[]);
const told = (entries: readonly AuditEntry[]): (string | undefined)[][] =>
  entries.map(({ actor, act, target, outcome, reason }) => [actor.kind, act, target, outcome, reason]);

async function newMachine(mode: "open" | "named" = "open"): Promise<TestMachine> {
  const machine = await TestMachine.open({ policy: plainPolicy(mode) });
  closing.push(() => machine.end());
  return machine;
}
const entriesOf = (machine: TestMachine): AuditEntry[] => read(join(machine.dataFolder, "audit"));

test("[T61] what is asked, decided and spawned is written down with its pid, and no secret with it", async () => {
  const machine = await newMachine();
  const id = newCommandId();
  const command = "echo done";
  const secret = "hunter2";
  const operation = { op: "start", request: { command, name: "one", env: { PASS: secret }, stdin: secret } } as const;
  const actor = { kind: "operator", token_id: "tok_1", name: "ci" } as const;
  machine.supervisor?.dispatch({ id, expires_at: 0, operation, actor }, false);
  const { process } = await machine.outcome(id);
  if (process === undefined) throw new Error("it was refused");
  const { pid } = await machine.fact(process, "started");
  const entries = await waitUntil("the pid is written down", () => {
    const all = entriesOf(machine);
    return all.some(({ act, outcome }) => act === "spawn" && outcome === "done") && all;
  });
  expect(new Set(told(entries).map(String))).toEqual(
    new Set([
      "operator,start,one,received,",
      "runner,spawn,p1.1,allowed,",
      "runner,spawn,p1.1,done,",
      "runner,start,p1.1,done,",
    ]),
  );
  expect(entries).toHaveLength(4);
  expect(entries.slice(0, 2).map(({ outcome }) => outcome)).toEqual(["received", "allowed"]);
  expect(entries[0]?.actor).toEqual(actor);
  expect(entries.every(({ command_id }) => command_id === id)).toBe(true);
  expect(entries.find(({ act, outcome }) => act === "spawn" && outcome === "done")?.detail).toBe(`pid ${pid}`);
  expect(JSON.stringify(entries)).not.toContain(secret);
  expect(verifyChain(entries, chainStart).ok).toBe(true);
  const [file = ""] = listAuditFiles(join(machine.dataFolder, "audit"));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(machine.dataFolder, "audit")).mode & 0o777).toBe(0o700);
});

test("[T61] a refused start stands with its code and nothing was spawned; one that comes again is a replay", async () => {
  const machine = await newMachine("named");
  const id = newCommandId();
  const operation = { op: "start", request: { command: "rm -rf /tmp/nothing" } } as const;
  await machine.ask(operation, id);
  machine.dispatch(operation, id);
  machine.dispatch(operation, newCommandId(), true);
  expect(told(entriesOf(machine))).toEqual([
    ["operator", "start", "new process", "received", undefined],
    ["runner", "start", "new process", "refused", "denied_by_machine"],
    ["operator", "start", "new process", "replayed", "has its outcome"],
    ["operator", "start", "new process", "received", undefined],
    ["runner", "start", "new process", "expired", "runner_timeout"],
  ]);
});

test("[T62] an order that is not understood is refused once by its id", async () => {
  const machine = await newMachine();
  const id = newCommandId();
  const refusal = { code: "invalid_request", detail: "The runner does not understand this order." } as const;
  machine.supervisor?.refuse(id, refusal);
  machine.supervisor?.refuse(id, refusal);
  expect(await machine.outcome(id)).toMatchObject({ outcome: "refused", code: "invalid_request" });
  expect(machine.outcomes(id)).toHaveLength(1);
  expect(told(entriesOf(machine))).toEqual([["runner", "message", "order", "refused", "invalid_request"]]);
});

test("[T61] the next runner goes on with the chain, also where a crash tore off the last line", async () => {
  const folder = newFolder();
  const write = (from: number, count: number): void => {
    const audit = new AuditFolder(folder);
    for (let n = from; n < from + count; n++) {
      audit.append({ actor: { kind: "runner" }, act: "stop", target: `p${n}`, outcome: "done" }, n);
    }
    audit.close();
  };
  write(1, 3);
  const [file = ""] = listAuditFiles(folder);
  const whole = statSync(file).size;
  write(4, 1);
  truncateSync(file, whole + 10);
  write(4, 2);
  expect(verifyChain(read(folder), chainStart)).toMatchObject({ ok: true, head: { n: 5 } });
  appendFileSync(file, '{"n":');
  write(6, 1);
  expect(read(folder).map(({ target }) => target)).toEqual(["p1", "p2", "p3", "p4", "p5", "p6"]);
});

test("[T61] a full file is followed by another with the chain carried on, and the oldest goes with a word", () => {
  const folder = newFolder();
  const audit = new AuditFolder(folder, { fileBytes: 2000, files: 3 });
  for (let n = 1; n <= 60; n++) {
    audit.append({ actor: { kind: "runner" }, act: "stop", target: `p${n}`, outcome: "done" }, n);
  }
  audit.close();
  expect(listAuditFiles(folder)).toHaveLength(3);
  const entries = read(folder);
  const [first] = entries;
  if (first === undefined) throw new Error("nothing is left");
  expect(first.n).toBeGreaterThan(1);
  expect(verifyChain(entries, { n: first.n - 1, hash: first.prev }).ok).toBe(true);
  expect(entries.findLast(({ act }) => act === "trimmed")?.target).toBe(`1-${first.n - 1}`);
});

function newAudit(folder: string, said: string[] = [], clock = { now: 0 }): RunnerAudit {
  const audit = new RunnerAudit({ folder, now: () => clock.now, log: (text) => void said.push(text) });
  closing.push(() => audit.close());
  return audit;
}

test("[T63] a history of the control plane that goes back or changes is noticed and said, also by the next runner", () => {
  const folder = newFolder();
  const said: string[] = [];
  const at = (n: number, hash: string): ChainHead => ({ n, hash: hash.repeat(64) });
  const audit = newAudit(folder, said);
  audit.connected("ws://host/v1/link", at(5, "a"));
  audit.connected("ws://host/v1/link", at(5, "a"));
  audit.connected("ws://host/v1/link", at(9, "b"));
  expect(said).toEqual([]);
  audit.close();
  const next = newAudit(folder, said);
  next.connected("ws://host/v1/link", at(9, "c"));
  next.connected("ws://host/v1/link", at(3, "d"));
  next.connected("ws://host/v1/link", undefined);
  next.connected("ws://host/v1/link", at(4, "e"));
  expect(said).toHaveLength(2);
  const backwards = read(folder).filter(({ act }) => act === "went_back");
  expect(backwards.map(({ reason }) => reason)).toEqual([
    "entry 9 after entry 9, and another one",
    "entry 3 after entry 9",
  ]);
});

test("[T61] [T62] whoever speaks to the runner cannot push what it did out of its audit", () => {
  const folder = newFolder();
  const clock = { now: 0 };
  const audit = newAudit(folder, [], clock);
  for (let said = 0; said < 500; said++) audit.refusedMessage("eval", "unknown", `touch ${said}`);
  for (let said = 0; said < 500; said++) audit.ignoredFields("ack", ["later"]);
  clock.now = 60_000;
  audit.refusedMessage("eval", "unknown", "touch");
  const entries = read(folder);
  expect(entries).toHaveLength(20 + 1 + 2);
  expect(entries.at(-2)?.reason).toBe("480 more were not written down");
  expect(verifyChain(entries, chainStart).ok).toBe(true);
});

test("[T61] a line that somebody changed is found", () => {
  const folder = newFolder();
  const audit = newAudit(folder);
  for (let n = 1; n <= 3; n++) audit.policyLoaded(`mode ${n}`, undefined);
  const [file = ""] = listAuditFiles(folder);
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(4);
  const entries = read(folder);
  const [first, second, third] = entries;
  if (first === undefined || second === undefined || third === undefined) throw new Error("three were written");
  expect(verifyChain([first, { ...second, target: "mode open" }, third], chainStart)).toMatchObject({
    ok: false,
    n: 2,
  });
  const { actor, act, outcome } = second;
  const forged = sealEntry({ actor, act, outcome, target: "mode open" }, { n: 1, hash: first.hash }, second.at);
  expect(verifyChain([first, forged, third], chainStart)).toMatchObject({ ok: false, n: 3 });
});

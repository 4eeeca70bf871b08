// The audit of the whole product: every act is told, both copies agree, and a control plane that changes its own is found.

import { execFile } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry } from "@longwire/shared/audit/entry.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { Product, root } from "../support/product.ts";

const data = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
let product: Product;
let api: Api;

beforeAll(async () => {
  product = await Product.start({ data });
  api = new Api(product.ready);
});
afterAll(async () => {
  await product.close();
  rmSync(data, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** `runner audit …` on the product's runner. */
function runAudit(...args: readonly string[]): Promise<Ended> {
  const program = path.join(root, "runner/dist/cli.js");
  return new Promise((resolve) => {
    execFile(process.execPath, [program, "audit", ...args, "--data", path.join(data, "runner")], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err });
    });
  });
}

async function entries(): Promise<AuditEntry[]> {
  const { code, said } = await runAudit("--json");
  if (code !== 0) throw new Error(said);
  return said
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditEntry);
}

test("[T57] [T61] each act has its entry with actor, target, outcome and time, and both copies agree", async () => {
  const socket = await EventSocket.open(product.ready);
  const { process_id: id } = await api.start({ argv: ["cat"], name: "echo", tty: true });
  await api.call("POST", `/processes/${id}/input`, { text: "a secret\n" });
  await api.call("POST", `/processes/${id}/resize`, { cols: 90, rows: 30 });
  await api.call("POST", `/processes/${id}/pause`, {});
  await api.call("POST", `/processes/${id}/resume`, {});
  await api.call("POST", `/processes/${id}/signal`, { signal: "SIGWINCH" });
  await api.call("POST", `/processes/${id}/restart`, {});
  await api.stop(id);
  await api.call("POST", `/processes/${id}/pause`, {});
  await api.call("DELETE", `/processes/${id}`).catch(() => {});
  socket.close();
  const told = await waitUntil("the viewer's end is told", async () => {
    const all = await entries();
    return all.some(({ act }) => act === "viewer_left") && all;
  });
  const acts = told.map(({ actor, act, outcome, reason = "" }) => `${actor.kind} ${act} ${outcome} ${reason}`.trim());
  for (const act of ["start", "pause", "resume", "signal", "restart", "stop", "forget"]) {
    expect(acts).toContain(`operator ${act} sent`);
    expect(acts).toContain(`runner ${act} done`);
  }
  for (const act of ["input", "resize"]) expect(acts).toContain(`operator ${act} sent`);
  expect(acts).toContain("runner pause refused process_ended");
  for (const act of ["runner_connected", "policy_loaded"]) expect(acts).toContain(`runner ${act} done`);
  for (const act of ["viewer_connected", "viewer_left"]) expect(acts).toContain(`operator ${act} done`);
  expect(acts[0]).toBe("control_plane machine_enrolled done");
  expect(told.find(({ act }) => act === "input")).toMatchObject({
    target: id,
    count: 1,
    bytes: 9,
    actor: { name: "admin" },
  });
  expect(told.every(({ at, target }) => Date.parse(at) > 0 && target !== "")).toBe(true);
  const own = await runAudit("--own");
  expect(own.said).toMatch(/spawn p1\.1 {2}done {2}\(pid \d+\)/);
  expect(JSON.stringify(told) + own.said).not.toContain("secret");
  expect(await runAudit("--workspace")).toMatchObject({ code: 0, said: expect.stringContaining("machine_enrolled") });
  const verdict = await runAudit("--verify");
  expect(verdict.said).toContain("Both are whole and tell the same");
  expect(verdict.code).toBe(0);
});

test("[T64] wrong options are said", async () => {
  expect(await runAudit("--verify", "--own")).toMatchObject({ code: 2 });
});

/** Changes the machine's database while nobody has it open, and verifies. */
async function verifyAfter(tamper: (database: DatabaseSync) => void): Promise<Ended> {
  await product.end("SIGINT");
  const [file = ""] = globSync(path.join(data, "control-plane/**/*-Machine/*.sqlite"), {
    exclude: (name) => name.endsWith("metadata.sqlite"),
  });
  const database = new DatabaseSync(file);
  database.exec("BEGIN");
  tamper(database);
  database.exec("COMMIT");
  database.close();
  product = await Product.start({ data });
  api = new Api(product.ready);
  return await runAudit("--verify", "--json");
}

const table = "audit_000001";

test("[T64] [T63] entries that were changed, exchanged, removed or cut off in the database are found", async () => {
  expect(await verifyAfter(() => {})).toMatchObject({ code: 0 });
  const changed = await verifyAfter((database) => {
    database.exec(`CREATE TABLE before AS SELECT * FROM ${table}`);
    database.exec(`UPDATE ${table} SET entry = replace(entry, '"echo"', '"ecko"') WHERE n = 5`);
  });
  expect(changed).toMatchObject({ code: 1, said: expect.stringMatching(/entry \d is not as it was written/) });
  const back = (database: DatabaseSync): void => {
    database.exec(`UPDATE ${table} SET entry = (SELECT entry FROM before WHERE before.n = ${table}.n) WHERE n <= 8`);
  };
  const swapped = await verifyAfter((database) => {
    back(database);
    database.exec(
      `UPDATE ${table} SET entry = (SELECT entry FROM before WHERE before.n = 11 - ${table}.n) WHERE n IN (5, 6)`,
    );
  });
  expect(swapped).toMatchObject({ code: 1, said: expect.stringMatching(/entry 5 is missing: 6 stands in its place/) });
  const removed = await verifyAfter((database) => {
    back(database);
    database.exec(`DELETE FROM ${table} WHERE n = 6`);
  });
  expect(removed).toMatchObject({ code: 1, said: expect.stringMatching(/entry 6 is missing/) });
  const cut = await verifyAfter((database) => {
    database.exec(`INSERT INTO ${table} SELECT * FROM before WHERE n = 6`);
    database.exec(`DELETE FROM ${table} WHERE n > 8`);
  });
  expect(cut).toMatchObject({ code: 1, said: expect.stringMatching(/is another one than it told of|its last is/) });
  expect(cut.said).toMatch(/the control plane told of entry \d+ after entry \d+/);
}, 180_000);

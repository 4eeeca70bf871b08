import { evictDurableObject, listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import type { Invite } from "@longwire/shared/api/invites.ts";
import type { NewToken, TokenList } from "@longwire/shared/api/tokens.ts";
import type { JoinAnswer, Machine, Problem } from "@longwire/shared/api/views.ts";
import { formatJoinCode } from "@longwire/shared/join-code.ts";
import { maxWrongCodes } from "@longwire/shared/limits.ts";
import { fromHex } from "@longwire/shared/token.ts";
import { call, machineOfId, newWorkspace, openEnv, type NewWorkspace } from "../fixtures/new-workspace.ts";
import { openWith } from "../fixtures/open-with.ts";

let own: NewWorkspace;

beforeAll(async () => {
  own = await newWorkspace();
});

const facts = { os: "linux", arch: "x64", runner_version: "1" };

async function invite(body: object = { kind: "machine" }, of = own): Promise<Invite> {
  const response = await call("POST", "/v1/invites", of.adminToken, body);
  expect(response.status).toBe(201);
  return await response.json<Invite>();
}

const enroll = async (join: string, name: string): Promise<Response> =>
  await call("POST", "/v1/enroll", null, { ...facts, name, join });
const redeem = async (join: string): Promise<Response> => await call("POST", "/v1/invites/redeem", null, { join });
const sleep = async (of = own): Promise<void> => await evictDurableObject(of.object, { webSockets: "hibernate" });

async function expectRefused(response: Response, code = "join_code_refused"): Promise<Problem> {
  const problem = await response.json<Problem>();
  expect([response.status, problem.code]).toEqual([code === "join_code_refused" ? 410 : problem.status, code]);
  return problem;
}

test("[T25] a machine joins a workspace by a code, once, without the control plane's key", async () => {
  const { join, kind, expires_at: end } = await invite();
  expect(kind).toBe("machine");
  expect(Date.parse(end) - Date.now()).toBeGreaterThan(590_000);
  expect(Date.parse(end) - Date.now()).toBeLessThanOrEqual(600_000);
  await sleep();
  const response = await enroll(join, "second");
  expect(response.status).toBe(201);
  const joined = await response.json<JoinAnswer>();
  expect(Object.keys(joined).toSorted()).toEqual(["machine_id", "machine_token"]);
  const { items } = await (await call("GET", "/v1/machines", own.adminToken)).json<{ items: Machine[] }>();
  expect(items.map(({ name, machine_id: id }) => [name, id])).toEqual([
    ["box", own.machineId],
    ["second", joined.machine_id],
  ]);
  expect((await call("GET", "/v1/link", joined.machine_token)).status).toBe(426);
  await sleep();
  await expectRefused(await enroll(join, "third"));
});

test("[T25] of 50 that redeem a code at one time exactly one succeeds, the rest get one refusal", async () => {
  const machines = await invite();
  const tokens = await invite({ kind: "token", name: "tool", scopes: ["read"] });
  for (const answers of [
    await Promise.all(Array.from({ length: 50 }, (_, at) => enroll(machines.join, `m-${at}`))),
    await Promise.all(Array.from({ length: 50 }, () => redeem(tokens.join))),
  ]) {
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refusals = await Promise.all(
      answers.filter(({ status }) => status !== 201).map((response) => response.json<Problem>()),
    );
    const [first] = refusals;
    expect(first).toMatchObject({ status: 410, code: "join_code_refused" });
    for (const { trace_id: _, ...refusal } of refusals) expect(first).toMatchObject(refusal);
  }
});

test("[T25] a code for a token gives one as far as was said, and no further than its maker's", async () => {
  const { join } = await invite({ kind: "token", name: "a phone", scopes: ["read"], machines: ["box"] });
  const wrongKind = await expectRefused(await enroll(join, "phone"));
  expect(wrongKind.detail).toContain("for a token");
  const token = await (await redeem(join)).json<NewToken>();
  expect(token).toMatchObject({ name: "a phone", scopes: ["read"], machines: [own.machineId], kind: "operator" });
  expect((await call("GET", "/v1/machines/box", token.token)).status).toBe(200);
  expect((await call("GET", "/v1/tokens", token.token)).status).toBe(403);
  const limited = await own.tokenFor({ scopes: ["admin"], machines: ["box"] });
  for (const body of [{ kind: "machine" }, { kind: "token", name: "more", scopes: ["run"] }]) {
    expect((await call("POST", "/v1/invites", limited.token, body)).status).toBe(403);
  }
});

test("[T25] a code is good for nothing once it is too old or its maker's token has ended", async () => {
  const old = await invite();
  await runInDurableObject(own.object, (_, { storage }) => {
    storage.sql.exec(`UPDATE invites SET expires_at = ? WHERE id = ?`, Date.now(), old.id);
  });
  await expectRefused(await enroll(old.join, "late"));
  const maker = await own.tokenFor({ scopes: ["admin"] });
  const made = await (await call("POST", "/v1/invites", maker.token, { kind: "machine" })).json<Invite>();
  expect((await call("DELETE", `/v1/tokens/${maker.id}`, own.adminToken)).status).toBe(204);
  await expectRefused(await enroll(made.join, "late"));
});

test("[T25] after 20 wrong codes none is looked at for ten minutes, also after a sleep; a used one is not wrong", async () => {
  const guarded = await newWorkspace("guarded");
  const { join } = await invite({ kind: "machine" }, guarded);
  const used = await invite({ kind: "machine" }, guarded);
  expect((await enroll(used.join, "first")).status).toBe(201);
  const workspace = fromHex(guarded.object.id.toString());
  const wrong = (at: number): string => formatJoinCode(workspace, new Uint8Array(16).fill(at));
  for (let at = 0; at < maxWrongCodes; at++) {
    await expectRefused(await enroll(used.join, "again"));
    await expectRefused(await enroll(wrong(at), "guess"));
  }
  await sleep(guarded);
  const limited = await enroll(join, "second");
  const { retry_after_ms: waitMs } = await expectRefused(limited, "rate_limited");
  expect(waitMs).toBeLessThanOrEqual(600_000);
  await runInDurableObject(guarded.object, (_, { storage }) => {
    storage.sql.exec(`UPDATE wrong_codes SET at = at - 600000`);
  });
  expect((await enroll(join, "second")).status).toBe(201);
});

test("[T25] what is no code of a workspace reaches no object, and codes are kept as hashes only", async () => {
  const before = await listDurableObjectIds(openEnv.WORKSPACES);
  const unknown = formatJoinCode(crypto.getRandomValues(new Uint8Array(32)), new Uint8Array(16));
  for (const join of ["x", "lwj_", unknown]) {
    await expectRefused(await enroll(join, "x"));
    await expectRefused(await redeem(join));
  }
  expect(await listDurableObjectIds(openEnv.WORKSPACES)).toHaveLength(before.length);
  const { join } = await invite();
  const rows = await runInDurableObject(own.object, (_, { storage }) =>
    JSON.stringify(storage.sql.exec(`SELECT * FROM invites`).toArray()),
  );
  expect(rows).not.toContain(join.slice(-28));
});

test("[T27] a name that is taken is refused, and the code stays good", async () => {
  const { join } = await invite();
  const problem = await expectRefused(await enroll(join, "box"), "name_taken");
  expect(problem).toMatchObject({ status: 409, hint: expect.stringContaining("--name") as string });
  expect((await enroll(join, "another-box")).status).toBe(201);
});

test("[T25] who makes codes and redeems them stands in the workspace's audit, the codes do not", async () => {
  const audited = await newWorkspace("audited");
  const machine = await invite({ kind: "machine" }, audited);
  const token = await invite({ kind: "token", name: "tool", scopes: ["read"] }, audited);
  await enroll(machine.join, "joined");
  await redeem(token.join);
  const text = await (await call("GET", "/v1/audit", audited.adminToken)).text();
  const { items } = JSON.parse(text) as { items: { act: string; target: string; actor: { name?: string } }[] };
  const acts = items.map(({ act, target, actor }) => `${act} ${target} ${actor.name ?? "-"}`);
  expect(acts).toContain(`invite_made ${machine.id} admin`);
  expect(acts).toContain(`invite_redeemed ${token.id} -`);
  expect((await call("GET", "/v1/tokens", audited.adminToken)).status).toBe(200);
  for (const code of [machine.join, token.join]) expect(text).not.toContain(code.slice(-28));
});

async function tokensOf(of: NewWorkspace): Promise<TokenList["items"]> {
  return (await (await call("GET", "/v1/tokens", of.adminToken)).json<TokenList>()).items;
}

test("[T26] a machine that is removed is forgotten with its tokens, and its object keeps nothing", async () => {
  const left = await newWorkspace("left");
  const { join } = await invite({ kind: "machine" }, left);
  const joined = await (await enroll(join, "gone")).json<JoinAnswer>();
  const only = await left.tokenFor({ machines: ["gone"] });
  const both = await left.tokenFor({ machines: ["gone", "left"] });
  const path = `/v1/machines/${joined.machine_id}`;
  expect((await call("GET", path, only.token)).status).toBe(200);
  expect((await call("DELETE", "/v1/machines/gone", left.adminToken)).status).toBe(204);
  const unknown = await call("GET", "/v1/machines/nobody", left.adminToken);
  for (const reference of [joined.machine_id, "gone"]) {
    for (const token of [left.adminToken, only.token, both.token]) {
      const response = await call("GET", `/v1/machines/${reference}`, token);
      const { detail: _, trace_id: __, ...problem } = await response.json<Problem>();
      expect([response.status, problem]).toEqual([404, expect.objectContaining({ code: "not_found" })]);
    }
  }
  expect(unknown.status).toBe(404);
  expect((await call("GET", "/v1/link", joined.machine_token)).status).toBe(401);
  const tokens = await tokensOf(left);
  expect(tokens.map(({ name }) => name)).not.toContain("gone");
  expect(tokens.find(({ id }) => id === only.id)?.machines).toEqual([]);
  expect(tokens.find(({ id }) => id === both.id)?.machines).toEqual([left.machineId]);
  const rows = await runInDurableObject(machineOfId(joined.machine_id), async (_, { storage }) => ({
    tables: storage.sql.exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`).toArray(),
    alarm: await storage.getAlarm(),
  }));
  expect(rows).toEqual({ tables: [], alarm: null });
  // The name is free again.
  const again = await invite({ kind: "machine" }, left);
  expect((await enroll(again.join, "gone")).status).toBe(201);
});

test("[T26] who is connected to a machine that is removed is closed with 4401", async () => {
  const closing = await newWorkspace("closing");
  const sockets = [
    await openWith(closing.machineToken, "longwire.runner.v1", "/v1/link"),
    await openWith(closing.adminToken, "longwire.events.v1"),
    await openWith(closing.adminToken, "longwire.viewer.v1"),
  ];
  expect((await call("DELETE", `/v1/machines/${closing.machineId}`, closing.adminToken)).status).toBe(204);
  for (const socket of sockets) expect((await socket.closed).code).toBe(4401);
  const view = (): Promise<string> =>
    runInDurableObject(closing.machine, (machine) => {
      try {
        return machine.view().name;
      } catch (error) {
        return String(error);
      }
    });
  expect(await view()).toContain("removed");
  await evictDurableObject(closing.machine, { webSockets: "hibernate" });
  expect(await view()).toContain("removed");
});

test("[T25] machines come by pages, in the order in which they joined; a cursor that is none is refused", async () => {
  const of = await newWorkspace("m0");
  for (const name of ["m1", "m2"]) {
    expect((await enroll((await invite({ kind: "machine" }, of)).join, name)).status).toBe(201);
  }
  type Page = { items: Machine[]; next_cursor: string | null };
  const names: string[] = [];
  let cursor: string | null = "";
  for (let page = 0; cursor !== null; page++) {
    expect(page).toBeLessThan(2);
    const query: string = cursor === "" ? "?limit=2" : `?limit=2&cursor=${cursor}`;
    const answer: Page = await (await call("GET", `/v1/machines${query}`, of.adminToken)).json<Page>();
    names.push(...answer.items.map(({ name }) => name));
    cursor = answer.next_cursor;
  }
  expect(names).toEqual(["m0", "m1", "m2"]);
  for (const query of ["?limit=0", "?limit=x", "?cursor=m_0", "?other=1"]) {
    expect([query, (await call("GET", `/v1/machines${query}`, of.adminToken)).status]).toEqual([query, 422]);
  }
});

test("[T26] a machine that nobody named is not removed", async () => {
  const of = await newWorkspace();
  const response = await call("DELETE", "/v1/machines/-", of.adminToken, {});
  expect([response.status, (await response.json<Problem>()).errors?.[0]?.path]).toEqual([422, "machine"]);
  expect((await call("GET", "/v1/machines/-", of.adminToken)).status).toBe(200);
});

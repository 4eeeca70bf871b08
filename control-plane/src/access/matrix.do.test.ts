import { beforeAll, expect, test } from "vitest";
import type { Problem } from "@longwire/shared/api/views.ts";
import type { NewSession, NewSignIn } from "@longwire/shared/api/sessions.ts";
import { scopes, type Scope } from "@longwire/shared/scopes.ts";
import { call, newWorkspace, type NewWorkspace } from "../fixtures/new-workspace.ts";
import type { Need } from "./needs.ts";
import { routeMatrix } from "./matrix.ts";

let own: NewWorkspace;
let other: NewWorkspace;
/** A token with these scopes alone. */
const tokens = new Map<string, string>();

async function tokenWith(held: readonly Scope[]): Promise<string> {
  const key = held.join();
  const token = tokens.get(key) ?? (await own.tokenFor({ scopes: [...held] })).token;
  tokens.set(key, token);
  return token;
}

async function fitting(needs: readonly Need[]): Promise<string> {
  if (!needs.includes("session")) return await tokenWith(needs.filter(isScope));
  const { secret } = await (await call("POST", "/v1/sign-ins", own.adminToken, {})).json<NewSignIn>();
  return (await (await call("POST", "/v1/sessions", null, { secret })).json<NewSession>()).token ?? "";
}

beforeAll(async () => {
  own = await newWorkspace();
  other = await newWorkspace("other");
});

/** Each row, and each row with the query by which it needs more. */
const cases = routeMatrix.flatMap(({ method, path, needs, withQuery }) => {
  if (needs === "open") return [];
  const plain = { method, path, query: "", needs, route: `${method} ${path}` };
  if (withQuery === undefined) return [plain];
  const query = `?${withQuery.parameter}=exit`;
  return [plain, { ...plain, query, needs: [...needs, ...withQuery.needs], route: plain.route + query }];
});

const fill = (path: string, machine: string): string =>
  path.replace(":machine", machine).replaceAll(/:[a-z]+/g, "nothing");

async function expectRefusal(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, (await response.json<Problem>()).code]).toEqual([status, code]);
}

const wrongTokens = ["", "lw_", "garbage", "a b"];

test.for(cases)("[T22] [T1] $route without a valid token is answered 401", async (row) => {
  const path = fill(row.path, own.machineId) + row.query;
  for (const token of [null, ...wrongTokens, `${own.adminToken.slice(0, -1)}_`]) {
    const response = await call(row.method, path, token);
    expect(response.headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
    await expectRefusal(response, 401, "unauthorized");
  }
});

const isScope = (need: Need): need is Scope => need !== "link" && need !== "session";

test.for(cases)("[T22] $route is refused to every token that lacks a scope", async (row) => {
  const path = fill(row.path, own.machineId) + row.query;
  const needed = row.needs.filter(isScope);
  const lacking = needed.map((need) => scopes.filter((scope) => scope !== need));
  const singles = needed.length === 0 ? [] : scopes.filter((scope) => !needed.includes(scope)).map((scope) => [scope]);
  const all = needed.length === 0 ? [[...scopes]] : [];
  for (const held of [...lacking, ...singles, ...all]) {
    await expectRefusal(await call(row.method, path, await tokenWith(held)), 403, "insufficient_scope");
  }
});

test.for(cases)("[T22] [T1] $route tells a machine's token from an operator's", async (row) => {
  const path = fill(row.path, own.machineId) + row.query;
  const isLink = row.needs.includes("link");
  const wrong = isLink ? own.adminToken : own.machineToken;
  await expectRefusal(await call(row.method, path, wrong), 403, "insufficient_scope");
  // What is right is done: to a machine that is not there.
  const elsewhere = fill(row.path, "nobody") + row.query;
  const right = await call(row.method, elsewhere, isLink ? own.machineToken : await fitting(row.needs));
  expect([401, 403]).not.toContain(right.status);
});

const onMachines = cases.filter(({ path }) => path.includes(":machine"));

test.for(onMachines)("[T22] [T2] $route answers a foreign machine as one that is not there", async (row) => {
  const unknown = `m_${"0".repeat(42)}1`;
  const answers = await Promise.all(
    [other.machineId, unknown, "other"].map(async (id) => {
      const response = await call(row.method, fill(row.path, id) + row.query, own.adminToken);
      const { trace_id: _, detail, ...problem } = await response.json<Problem>();
      const headers = [...response.headers].filter(([name]) => name !== "date");
      return { status: response.status, detail: detail.replace(id, "X"), problem, headers };
    }),
  );
  expect(answers[0]).toMatchObject({ status: 404, problem: { code: "not_found" } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

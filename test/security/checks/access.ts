// S1–S6: who may do what, for every route there is.

import type { Check } from "../check.ts";
import type { Answer, Probe } from "../probe.ts";
import { fill, isSocket, mutates, nameOf, type Route } from "../routes.ts";

const guarded = ({ target }: Probe): readonly Route[] => target.routes.filter(({ needs }) => needs !== "open");
const pathOf = ({ target }: Probe, route: Route): string => fill(route, target.machineId, target.process);
const bodyOf = (route: Route): { readonly body?: unknown } => (mutates(route) ? { body: {} } : {});

function expectRefusal(probe: Probe, what: string, answer: Answer, status: number, code: string): void {
  probe.same(what, [answer.status, answer.code], [status, code]);
}

const withoutToken: Check = {
  id: "S1",
  title: "every route without a token answers 401 and asks for a bearer token",
  async run(probe) {
    for (const route of guarded(probe)) {
      const answer = await probe.ask(route.method, pathOf(probe, route), { token: null, ...bodyOf(route) });
      expectRefusal(probe, nameOf(route), answer, 401, "unauthorized");
      const challenge = answer.headers.get("WWW-Authenticate") ?? "";
      probe.holds(`${nameOf(route)}: no challenge, ${challenge}`, challenge.startsWith("Bearer"));
    }
    const unknown = await probe.ask("GET", "/v1/no/such/route", { token: null });
    expectRefusal(probe, "an unknown route", unknown, 401, "unauthorized");
  },
};

const wrongTokens: Check = {
  id: "S2",
  title: "garbage, an empty or doubled header and a token in the address answer 401",
  async run(probe) {
    const { token, url } = probe.target;
    const damaged = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
    const garbage = [
      "",
      " ",
      "garbage",
      "lw_",
      token.slice(0, -1),
      `${token}0`,
      damaged,
      token.toUpperCase(),
      "x".repeat(3000),
    ];
    for (const route of guarded(probe)) {
      for (const one of garbage.slice(0, route.path === "/v1/machines" ? garbage.length : 3)) {
        const answer = await probe.ask(route.method, pathOf(probe, route), { token: one, ...bodyOf(route) });
        expectRefusal(probe, `${nameOf(route)} with ${one.slice(0, 20)}`, answer, 401, "unauthorized");
      }
      for (const name of ["token", "access_token", "authorization"]) {
        const path = `${pathOf(probe, route)}?${name}=${token}`;
        const answer = await probe.ask(route.method, path, { token: null, ...bodyOf(route) });
        expectRefusal(probe, `${nameOf(route)}?${name}=`, answer, 401, "unauthorized");
        probe.holds("the token is repeated", !answer.text.includes(token));
      }
    }
    if (url.startsWith("https:")) return;
    const bearer = `Authorization: Bearer ${token}`;
    const host = `Host: ${new URL(url).host}`;
    for (const lines of [
      [bearer, bearer],
      [bearer, "Authorization: Bearer x"],
      [`Authorization: ${token}`],
      ["Cookie: token=x"],
    ]) {
      probe.same(lines.length + " header", (await probe.askRaw([host, ...lines], "/v1/machines")).status, 401);
    }
  },
};

const foreign: Check = {
  id: "S3",
  title: "another workspace's ids answer as ids that do not exist, header for header",
  needs: "other",
  async run(probe) {
    const { other, token, machineId, process } = probe.target;
    const random = `m_${"0".repeat(42)}1`;
    const bare = (answer: Answer, id: string): unknown => {
      const text = answer.text.replaceAll(id, "ID").replaceAll(/"trace_id":"[^"]*"/g, "");
      return [answer.status, text, [...answer.headers].filter(([name]) => !["date", "content-length"].includes(name))];
    };
    for (const route of guarded(probe)) {
      if (!route.path.includes(":machine")) continue;
      const ask = async (id: string): Promise<unknown> =>
        bare(await probe.ask(route.method, fill(route, id, process), { token, ...bodyOf(route) }), id);
      const [stranger, nobody] = [await ask(other?.machineId ?? ""), await ask(random)];
      probe.same(`${nameOf(route)} of a stranger and of nobody`, stranger, nobody);
      probe.same(`${nameOf(route)} of nobody`, (nobody as [number])[0], 404);
      const reverse = await probe.ask(route.method, fill(route, machineId, process), {
        token: other?.adminToken ?? "",
        ...bodyOf(route),
      });
      probe.same(`${nameOf(route)} by the stranger`, reverse.status, 404);
    }
  },
};

/** A token with these scopes alone, made for one check. */
export async function makeToken(
  probe: Probe,
  scopes: readonly string[],
): Promise<{ readonly id: string; readonly token: string }> {
  const answer = await probe.ask("POST", "/v1/tokens", { body: { name: "a check's", scopes } });
  if (answer.status !== 201) throw new Error(`POST /v1/tokens: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as { id: string; token: string };
}

const readOnly: Check = {
  id: "S4",
  title: "a token that may only read is refused with 403 wherever more is needed",
  async run(probe) {
    const { id, token } = await makeToken(probe, ["read"]);
    for (const route of guarded(probe)) {
      const allowed = Array.isArray(route.needs) && route.needs.every((need) => need === "read");
      if (allowed) continue;
      const answer = await probe.ask(route.method, pathOf(probe, route), { token, ...bodyOf(route) });
      expectRefusal(probe, nameOf(route), answer, 403, "insufficient_scope");
    }
    for (const route of guarded(probe)) {
      if (route.withQuery === undefined || route.needs === "open") continue;
      const { id: unread, token: blind } = await makeToken(probe, route.needs);
      const path = `${pathOf(probe, route)}?${route.withQuery.parameter}=exit`;
      const answer = await probe.ask(route.method, path, { token: blind, ...bodyOf(route) });
      expectRefusal(probe, `${nameOf(route)} and waiting`, answer, 403, "insufficient_scope");
      await probe.ask("DELETE", `/v1/tokens/${unread}`);
    }
    await probe.ask("DELETE", `/v1/tokens/${id}`);
  },
};

const wrongKind: Check = {
  id: "S5",
  title: "a machine's token opens nothing but its link, and no other token opens that",
  needs: "other",
  async run(probe) {
    const { other, token } = probe.target;
    for (const route of guarded(probe)) {
      const isLink = route.path === "/v1/link";
      const path = fill(route, other?.machineId ?? "", "p1");
      const answer = await probe.ask(route.method, path, {
        token: isLink ? token : (other?.machineToken ?? ""),
        ...bodyOf(route),
      });
      expectRefusal(probe, nameOf(route), answer, 403, "insufficient_scope");
    }
    const headers = { Authorization: `Bearer ${token}` };
    probe.same(
      "dialling the link as an operator",
      (await probe.dial("/v1/link", "longwire.runner.v1", headers)).status,
      403,
    );
    const machine = { Authorization: `Bearer ${other?.machineToken ?? ""}` };
    for (const route of guarded(probe).filter((one) => isSocket(one) && one.path !== "/v1/link")) {
      const path = fill(route, other?.machineId ?? "", "p1");
      probe.same("viewing as a machine", (await probe.dial(path, "longwire.events.v1", machine)).status, 403);
    }
  },
};

export const accessChecks: readonly Check[] = [withoutToken, wrongTokens, foreign, readOnly, wrongKind];

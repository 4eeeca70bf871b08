// S17, S23 and tickets: what is good once, and a machine that goes.

import WebSocket from "ws";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Check } from "../check.ts";
import type { Probe } from "../probe.ts";

/** More wrong codes than these close a workspace's door for a while, which is not to happen where somebody works. */
const redeemsInside = 50;
const redeemsElsewhere = 10;

async function invite(probe: Probe, body: object): Promise<string> {
  const { status, text } = await probe.ask("POST", "/v1/invites", { body });
  if (status !== 201) throw new Error(`POST /v1/invites: ${status} ${text}`);
  return (JSON.parse(text) as { join: string }).join;
}

const removal: Check = {
  id: "S23",
  title: "a machine that is removed is gone for everybody, its token and its link at once",
  async run(probe) {
    const join = await invite(probe, { kind: "machine" });
    const facts = { name: `check-${Date.now()}`, os: "linux", arch: "x64", runner_version: "0.0.0", join };
    const enrolled = await probe.ask("POST", "/v1/enroll", { token: null, body: facts });
    probe.same("joining", enrolled.status, 201);
    const { machine_id: id, machine_token: token } = JSON.parse(enrolled.text) as Record<string, string>;
    const again = await probe.ask("POST", "/v1/enroll", { token: null, body: { ...facts, name: `${facts.name}-2` } });
    probe.holds(`joining again by the same code: ${again.status}`, again.status >= 400 && again.status < 500);
    const headers = { Authorization: `Bearer ${token}` };
    const { socket } = await probe.dial("/v1/link", "longwire.runner.v1", headers);
    probe.holds("the link is not open", socket !== null);
    probe.same("removing", (await probe.ask("DELETE", `/v1/machines/${id}`)).status, 204);
    await waitUntil("its link is over", () => socket?.readyState !== WebSocket.OPEN, 8000);
    socket?.terminate();
    await waitUntil(
      "its token is refused",
      async () => (await probe.ask("GET", "/v1/link", { token: token ?? "" })).status === 401,
      8000,
    );
    for (const { method, path } of probe.target.routes.filter((route) => route.path.includes("/:machine"))) {
      const address = path.replace(":machine", id ?? "").replaceAll(/:[a-z]+/g, "p1");
      const { status } = await probe.ask(method, address, method === "GET" ? {} : { body: {} });
      probe.same(`${method} ${path} then`, status, 404);
    }
    probe.holds("it is listed", !(await probe.ask("GET", "/v1/machines")).text.includes(id ?? "machine_id"));
  },
};

const codes: Check = {
  id: "S17",
  title: "a join code that many redeem at one time lets one in, lasts ten minutes at most and cannot be guessed",
  async run(probe) {
    const many = probe.target.inside === null ? redeemsElsewhere : redeemsInside;
    probe.isPatient = false;
    const made = await probe.ask("POST", "/v1/invites", {
      body: { kind: "token", name: "a check's", scopes: ["read"] },
    });
    const { join, expires_at: expires } = JSON.parse(made.text) as { join: string; expires_at: string };
    probe.holds(`it ends ${expires}`, Date.parse(expires) - Date.now() <= 10 * 60_000 + 1000);
    // Whatever names the workspace in it, more than 40 bits of base 62 are chance.
    const other = await invite(probe, { kind: "machine" });
    const common = join.split("").findIndex((character, at) => character !== other[at]);
    probe.holds(`two codes share ${common} of ${join.length} characters`, join.length - common >= 16);
    const redeem = (): ReturnType<Probe["ask"]> =>
      probe.ask("POST", "/v1/invites/redeem", { token: null, body: { join } });
    const answers = await Promise.all(Array.from({ length: many }, redeem));
    const [won, ...more] = answers.filter(({ status }) => status === 201);
    probe.same("that got in beside the first", more.length, 0);
    for (const { status } of answers)
      probe.holds(`answered ${status}`, status === 201 || (status >= 400 && status < 500));
    const { id, token } = JSON.parse(won?.text ?? "{}") as { id?: string; token?: string };
    const limited = await probe.ask("POST", "/v1/tokens", {
      token: token ?? "",
      body: { name: "x", scopes: ["admin"] },
    });
    probe.same("making more of what came of it", limited.status, 403);
    await probe.ask("DELETE", `/v1/tokens/${id}`);
  },
};

const tickets: Check = {
  id: "S9b",
  title: "a ticket opens one socket once, no other route, and is never told back",
  async run(probe) {
    const made = await probe.ask("POST", "/v1/tickets", { body: {} });
    const { ticket, expires_at: expires } = JSON.parse(made.text) as { ticket: string; expires_at: string };
    probe.holds(`it ends ${expires}`, Date.parse(expires) - Date.now() <= 31_000);
    const [, bare = ""] = ticket.split("ticket.");
    probe.same("as a bearer token", (await probe.ask("GET", "/v1/machines", { token: bare })).status, 401);
    const fresh = JSON.parse((await probe.ask("POST", "/v1/tickets", { body: {} })).text) as { ticket: string };
    const open = async (): Promise<{ readonly status: number; readonly protocol: string }> => {
      const { status, socket } = await probe.dial("/v1/machines/-/ws", ["longwire.events.v1", fresh.ticket], {});
      const protocol = socket?.protocol ?? "";
      socket?.terminate();
      return { status, protocol };
    };
    probe.same("once", await open(), { status: 101, protocol: "longwire.events.v1" });
    probe.same("twice", (await open()).status, 401);
    const garbage = ["longwire.events.v1", "ticket.x"];
    probe.same("one that is none", (await probe.dial("/v1/machines/-/ws", garbage, {})).status, 401);
  },
};

export const joiningChecks: readonly Check[] = [tickets, removal];
/** Uses up what may be tried in ten minutes. */
export const codeChecks: readonly Check[] = [codes];

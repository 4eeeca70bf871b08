// S44, S45: what is written down of everybody's acts, and that a yes is for one act alone.

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { verifyChain } from "@longwire/shared/audit/verify.ts";
import type { AuditEntry, ChainHead } from "@longwire/shared/audit/entry.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Product } from "../../support/product.ts";
import type { Check } from "../check.ts";
import { OwnersMachine } from "../hostile/owners-machine.ts";
import { Probe, type Answer } from "../probe.ts";
import { nameOf } from "../routes.ts";
import { openTarget } from "../target.ts";
import { makeToken } from "./access.ts";

interface Page {
  readonly items: readonly AuditEntry[];
  readonly next_after: number | null;
  readonly head: ChainHead;
  readonly anchor: ChainHead;
}

async function readAudit(probe: Probe, route: string): Promise<{ entries: AuditEntry[]; anchor: ChainHead }> {
  const entries: AuditEntry[] = [];
  let anchor: ChainHead | null = null;
  for (let after: number | null = 0; after !== null;) {
    const { status, text } = await probe.ask("GET", `${route}?after=${after}&limit=200`);
    if (status !== 200) throw new Error(`${route}: ${status} ${text}`);
    const page = JSON.parse(text) as Page;
    entries.push(...page.items);
    anchor ??= page.anchor;
    after = page.next_after;
  }
  if (anchor === null) throw new Error("an audit without a page");
  return { entries, anchor };
}

const audit: Check = {
  id: "S44",
  title: "starts, refusals, tokens and connections are in an audit that verifies and that nobody can change",
  needs: "inside",
  async run(probe) {
    const word = `word-${randomUUID()}`;
    await probe.ask("POST", "/v1/machines/-/processes", { body: { use: "text", params: { text: word } } });
    await probe.ask("POST", "/v1/machines/-/processes", { body: { command: `: ${word}` } });
    const { id } = await makeToken(probe, ["read"]);
    await probe.ask("DELETE", `/v1/tokens/${id}`);
    const machine = await readAudit(probe, "/v1/machines/-/audit");
    const workspace = await readAudit(probe, "/v1/audit");
    for (const { entries, anchor } of [machine, workspace]) {
      probe.same("the chain", verifyChain(entries, anchor).ok, true);
      for (const { n, actor, target, at, act, outcome } of entries) {
        probe.holds(`entry ${n} lacks a part`, [actor?.kind, at, act, outcome].every(Boolean) && target !== undefined);
      }
      for (const at of [0, Math.floor(entries.length / 2), entries.length - 2]) {
        const forged = entries.map((one, place) => (place === at ? { ...one, target: `${one.target}x` } : one));
        probe.same(`entry ${at + 1}, changed`, verifyChain(forged, anchor).ok, false);
        const cut = entries.filter((_, place) => place !== at);
        probe.same(`entry ${at + 1}, left out`, verifyChain(cut, anchor).ok, false);
      }
    }
    const acts = new Set([...machine.entries, ...workspace.entries].map(({ act }) => act));
    for (const act of ["start", "runner_connected", "token_created", "token_revoked"] as const) {
      probe.holds(`no entry of ${act}`, acts.has(act));
    }
    const refused = machine.entries.filter(({ act, outcome }) => act === "start" && outcome === "refused");
    probe.holds(
      "no entry of a start that was refused",
      refused.some(({ reason }) => reason === "denied_by_machine"),
    );
    const changing = probe.target.routes.filter(({ method, path: route }) => method !== "GET" && /audit/.test(route));
    probe.same("routes that change an audit", changing.map(nameOf), []);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      for (const at of ["/v1/audit", "/v1/machines/-/audit", "/v1/audit/1"]) {
        const { status } = await probe.ask(method, at, { body: {} });
        probe.holds(`${method} ${at}: ${status}`, status === 404 || status === 405);
      }
    }
  },
};

interface Waiting {
  readonly approval_id: string;
  readonly process_id: string;
}

const approvals: Check = {
  id: "S45",
  title:
    "an approval is for one run of exactly what was shown: used again, for another or by another it starts nothing",
  needs: "inside",
  async run(outer) {
    const machine = new OwnersMachine("ask", { approve: ["dashboard"] });
    const args = ["--policy", machine.policyFile, "--cwd", machine.root];
    const product = await Product.start({ args, env: machine.environment });
    try {
      const probe = new Probe(await openTarget(product.ready, undefined));
      await tryApprovals(probe, path.join(machine.folder, "ran"));
      outer.wrongs.push(...probe.wrongs);
      outer.asked += probe.asked;
    } finally {
      await product.close();
      machine.remove();
    }
  },
};

async function tryApprovals(probe: Probe, trace: string): Promise<void> {
  const start = async (name: string): Promise<Answer> =>
    await probe.ask("POST", "/v1/machines/-/processes", {
      body: { command: `echo ${name} >> ${trace}.${name}`, name },
    });
  const waiting = async (): Promise<readonly Waiting[]> => {
    const { text } = await probe.ask("GET", "/v1/machines/-/approvals");
    return (JSON.parse(text) as { items: Waiting[] }).items;
  };
  const decide = async (id: string, body: object, more: object = {}): Promise<Answer> =>
    await probe.ask("POST", `/v1/machines/-/approvals/${id}`, { body, ...more });

  await start("first");
  await start("second");
  const [first, second] = await waitUntil("both wait", async () => {
    const items = await waiting();
    return items.length === 2 ? items : null;
  });
  if (first === undefined || second === undefined) return;
  probe.same("for good", (await decide(first.approval_id, { decision: "always" })).status, 422);
  probe.same("an id that is none", (await decide("000000000000", { decision: "once" })).status, 404);
  const { token } = await makeToken(probe, ["read", "run", "input", "admin"]);
  probe.same("without the scope", (await decide(first.approval_id, { decision: "once" }, { token })).status, 403);
  probe.holds("it ran before anybody agreed", !existsSync(`${trace}.first`) && !existsSync(`${trace}.second`));

  const headers = { "Idempotency-Key": randomUUID() };
  probe.same("a yes", (await decide(first.approval_id, { decision: "once" }, { headers })).status, 200);
  await waitUntil("it ran", () => existsSync(`${trace}.first`));
  await decide(first.approval_id, { decision: "once" }, { headers });
  const again = await decide(first.approval_id, { decision: "once" });
  probe.holds(`a yes used again: ${again.status}`, [403, 404, 409].includes(again.status));
  probe.same("what the other's yes let through", existsSync(`${trace}.second`), false);
  await probe.ask("POST", `/v1/machines/-/processes/${first.process_id}/restart`, { body: {} });
  probe.holds(
    "a restart was covered",
    (await waiting()).some(({ process_id: id }) => id === first.process_id),
  );

  await decide(second.approval_id, { decision: "deny" });
  const reversed = await decide(second.approval_id, { decision: "once" });
  probe.holds(`a yes after a no: ${reversed.status}`, [403, 404, 409].includes(reversed.status));
  const { text } = await probe.ask("GET", `/v1/machines/-/processes/${second.process_id}`);
  probe.same("what was denied", (JSON.parse(text) as { state: string }).state, "failed");
  probe.same("what was denied has run", existsSync(`${trace}.second`), false);
}

export const recordChecks: readonly Check[] = [audit, approvals];

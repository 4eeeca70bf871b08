// What `doctor` sees of the control plane, and of this machine from there.

import type { Client } from "@longwire/shared/client/client.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import type { ApiAccess } from "../cli/api-access.ts";
import { openClient } from "../cli/open-client.ts";
import { trustedFetch } from "../cli/trusted-fetch.ts";
import { judgeClock, type Finding } from "./findings.ts";

const patienceMs = 10_000;

/** `machine`: this machine's id; null where it is not known. */
export async function lookAfar(access: ApiAccess, machine: string | null): Promise<Finding[]> {
  const reached = await lookForServer(access.server);
  if (reached.some(({ verdict }) => verdict === "fault")) return reached;
  return [...reached, ...(await lookThrough(openClient(access, { machine: machine ?? "-" }), machine))];
}

async function lookForServer(server: string): Promise<Finding[]> {
  const name = "control plane";
  const begun = Date.now();
  try {
    const response = await trustedFetch(new URL("/healthz", server), { signal: AbortSignal.timeout(patienceMs) });
    await response.arrayBuffer();
    const tookMs = Date.now() - begun;
    if (!response.ok) {
      const hint = "Is the address right, or does a sign-in page or a proxy stand in between?";
      return [{ name, verdict: "fault", says: `${server} answers with ${response.status}`, hint }];
    }
    const told = Date.parse(response.headers.get("Date") ?? "");
    const aheadMs = Number.isNaN(told) ? null : begun + tookMs / 2 - told;
    return [{ name, verdict: "ok", says: `${server} answers within ${tookMs} ms` }, judgeClock(aheadMs)];
  } catch (error) {
    const reason = reasonOf(error);
    const hint = "Does it run, is the address right, and does this machine's way out (HTTPS_PROXY) lead there?";
    return [{ name, verdict: "fault", says: `${server} cannot be reached (${reason})`, hint }];
  }
}

async function lookThrough(client: Client, machine: string | null): Promise<Finding[]> {
  try {
    const { items, next_cursor: more } = await client.machines();
    const count = more === null ? String(items.length) : `more than ${items.length}`;
    const token: Finding = {
      name: "token",
      verdict: "ok",
      says: `good, for ${count} ${count === "1" ? "machine" : "machines"}`,
    };
    return machine === null ? [token] : [token, ...(await lookAtMachine(client))];
  } catch (error) {
    if (!(error instanceof LongwireError)) throw error;
    const hint =
      "`runner token create` makes another where there is one that may; else join anew with `runner connect --join`.";
    return [{ name: "token", verdict: "fault", says: error.message, hint }];
  }
}

async function lookAtMachine(client: Client): Promise<Finding[]> {
  const name = "link";
  try {
    const { online, last_seen_at: seen, name: called, capabilities } = await client.machine();
    if (!online) {
      const says = `the control plane does not see ${called}, last at ${seen ?? "no time"}`;
      return [{ name, verdict: "fault", says, hint: "`runner connect` says why it does not connect." }];
    }
    const link: Finding = { name, verdict: "ok", says: `${called} is connected` };
    const hint = "The package @lydell/node-pty has nothing for this system; `tty` is refused.";
    return capabilities["tty"] === true
      ? [link]
      : [link, { name: "terminals", verdict: "warning", says: "none", hint }];
  } catch (error) {
    if (!(error instanceof LongwireError)) throw error;
    const hint = "Join again: `runner invite` elsewhere makes a code for `runner connect --join`.";
    return [{ name, verdict: "fault", says: error.message, hint }];
  }
}

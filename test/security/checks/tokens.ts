// S24–S27: what becomes of tokens: kept as hashes, never told again.

import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { tokenPattern } from "@longwire/shared/token.ts";
import type { Check } from "../check.ts";
import { makeToken } from "./access.ts";

/** All files below a folder with their contents as bytes. */
export function filesBelow(folder: string): { readonly file: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return entry.isFile() ? [{ file, bytes: readFileSync(file) }] : [];
  });
}

const atRest: Check = {
  id: "S24",
  title: "no token lies in the control plane's storage, nor anywhere but in its owner's own files",
  needs: "inside",
  async run(probe) {
    const made = await makeToken(probe, ["read", "run"]);
    await probe.ask("GET", "/v1/machines", { token: made.token });
    const { inside, token, other } = probe.target;
    if (inside === null) return;
    const identity = JSON.parse(readFileSync(path.join(inside.product.data, "runner/identity.json"), "utf8")) as {
      machine_token: string;
    };
    const tokens = [
      made.token,
      token,
      identity.machine_token,
      other?.adminToken ?? token,
      other?.machineToken ?? token,
    ];
    const owners = ["runner/token", "runner/identity.json"].map((file) => path.join(inside.product.data, file));
    for (const { file, bytes } of filesBelow(inside.product.data)) {
      probe.asked++;
      if (owners.includes(file)) continue;
      for (const one of tokens)
        probe.holds(`${file} holds a token`, !bytes.includes(one) && !bytes.includes(one.slice(47)));
      probe.holds(`${file} holds something like a token`, !tokenPattern.test(bytes.toString("latin1")));
    }
    for (const file of owners) probe.same(`mode of ${file}`, statSync(file).mode & 0o777, 0o600);
  },
};

const canaries: Check = {
  id: "S25",
  title: "a token given in the wrong place turns up in no answer, log, spool or event",
  needs: "inside",
  async run(probe) {
    const { inside, machineId } = probe.target;
    const canary = `CANARY${"0123456789abcdef".repeat(2)}`;
    const token = `lw_${"A".repeat(43)}_${canary}${"B".repeat(49 - canary.length)}`;
    for (const { method, path: route } of probe.target.routes) {
      const place = route.replaceAll(/:[a-z]+/g, encodeURIComponent(token));
      for (const asked of [
        { token },
        {
          headers: {
            Cookie: `a=${token}`,
            Referer: `http://127.0.0.1/?token=${token}`,
            "X-Token": token,
            "User-Agent": token,
          },
        },
        { token: null, headers: { Authorization: `Basic ${token}` } },
      ]) {
        const at =
          asked.token === token
            ? `${route.replaceAll(/:[a-z]+/g, machineId)}?token=${token}`
            : place.replace("/v1/enroll", "/v1/enroll?x=1");
        const answer = await probe.ask(method, at, method === "GET" ? asked : { ...asked, body: {} });
        const named = at === place && answer.status === 404;
        probe.holds(`${method} ${route} repeats a token`, named || !answer.text.includes(canary));
        probe.holds(
          `${method} ${route} repeats a token in a header`,
          ![...answer.headers.values()].join().includes(canary),
        );
      }
    }
    if (inside === null) return;
    probe.holds(
      "a log holds it",
      !inside.product.stderr.includes(canary) && !inside.product.stdout.join().includes(canary),
    );
    for (const { file, bytes } of filesBelow(inside.product.data))
      probe.holds(`${file} holds it`, !bytes.includes(canary));
    probe.holds("an event holds it", !(await probe.ask("GET", "/v1/machines/-/events")).text.includes(canary));
  },
};

const format: Check = {
  id: "S27",
  title: "tokens have a prefix and a checksum, and the pattern for scanners finds them",
  async run(probe) {
    for (const scopes of [["read"], ["read", "run", "input"]]) {
      const { id, token } = await makeToken(probe, scopes);
      probe.holds("not found by its pattern", new RegExp(`^${tokenPattern.source}$`).test(token));
      const wrong = `${token.slice(0, 60)}${token[60] === "0" ? "1" : "0"}${token.slice(61)}`;
      probe.same("one character changed", (await probe.ask("GET", "/v1/machines", { token: wrong })).status, 401);
      await probe.ask("DELETE", `/v1/tokens/${id}`);
    }
  },
};

export const tokenChecks: readonly Check[] = [atRest, canaries, format];

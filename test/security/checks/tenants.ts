// S37, S43, S48: what one workspace, one machine or one process could leave in the way of another's reader.

import type { Check } from "../check.ts";
import { scripts } from "../corpus/scripts.ts";
import { atOnce, endsTarget, fill, isSocket, mutates, nameOf } from "../routes.ts";

const inert =
  /^(application\/(problem\+)?json|application\/octet-stream|text\/plain(; ?charset=utf-8)?|text\/event-stream)(;|$)/i;

const stored: Check = {
  id: "S37",
  title: "scripts in names, commands, folders, output and errors are never answered as a page",
  needs: "inside",
  async run(probe) {
    const { target } = probe;
    for (const [at, script] of scripts.entries()) {
      for (const body of [
        ...[
          { command: script },
          { argv: [script] },
          { use: script },
          { use: "bare", name: script },
          { use: "bare", cwd: script },
        ],
        ...[
          { use: "bare", tags: [script] },
          { use: "text", params: { [script]: script } },
          { use: "bare", env: { [script]: script } },
        ],
        { use: "prints", params: { text: script.replace(/^=/, " =") }, name: `printed-${at}` },
      ]) {
        const answer = await probe.ask("POST", "/v1/machines/-/processes?until=exit", { body });
        probe.holds(
          `${script} is answered as ${answer.headers.get("Content-Type")}`,
          inert.test(answer.headers.get("Content-Type") ?? ""),
        );
      }
      await probe.ask("POST", "/v1/enroll", {
        token: null,
        body: { name: script, os: script, arch: script, runner_version: script },
      });
    }
    // What is stored now, by every way it can be read, as a browser asks.
    let repeated = 0;
    for (const route of target.routes.filter((one) => !mutates(one) && !isSocket(one))) {
      for (const process of ["printed-0", "printed-5", encodeURIComponent(scripts[0] ?? "")]) {
        const headers = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
        const answer = await probe.ask("GET", fill(route, target.machineId, process) + atOnce(route), { headers });
        const type = answer.headers.get("Content-Type") ?? "none";
        if (scripts.some((script) => answer.text.includes(JSON.stringify(script).slice(1, -1)))) repeated++;
        if (!route.path.startsWith("/v1/")) continue;
        probe.holds(`${nameOf(route)} of ${process} is ${type}`, inert.test(type));
        probe.same(`${nameOf(route)} sniffing`, answer.headers.get("X-Content-Type-Options"), "nosniff");
        probe.holds(
          `${nameOf(route)} may load something`,
          (answer.headers.get("Content-Security-Policy") ?? "").includes("default-src 'none'"),
        );
      }
    }
    probe.holds("nothing that was stored was read again", repeated > 0);
  },
};

const ids: Check = {
  id: "S43",
  title: "ids that open anything are random, and errors name nothing of the inside",
  async run(probe) {
    const { machineId, routes } = probe.target;
    // 43 digits of base 62 are 256 bits.
    probe.holds(`the machine's id is ${machineId}`, /^m_[0-9A-Za-z]{43}$/.test(machineId));
    for (const route of routes.filter((one) => !endsTarget(one))) {
      for (const odd of ["%00", "..%2f..", "%ff", "'", "a".repeat(500), "p1%0d%0aX: y", "\u{1f4a9}"]) {
        const path = route.path.replace(":machine", "-").replaceAll(/:[a-z]+/g, odd);
        const answer = await probe.ask(route.method, path + atOnce(route), mutates(route) ? { body: {} } : {});
        probe.holds(`${nameOf(route)} of ${odd}: ${answer.status}`, answer.status < 500);
        const tells = /\bat [\w.]+ \(|\.ts:\d|node_modules|SQLITE|sqlite|Durable|workerd|\/home\/|stack/.exec(
          answer.text,
        );
        // What went well shows what runs, and that has paths of its own.
        if (answer.status >= 400) probe.holds(`${nameOf(route)} of ${odd} tells ${tells?.[0]}`, tells === null);
      }
    }
  },
};

const interleaved: Check = {
  id: "S48",
  title: "two workspaces that ask in turn never see each other's",
  needs: "other",
  async run(probe) {
    const { other, token, machineId } = probe.target;
    if (other === null) return;
    const ask = async (own: string, mine: string, theirs: string): Promise<void> => {
      const { text } = await probe.ask("GET", "/v1/machines", { token: own });
      probe.holds("it sees another's machine", text.includes(mine) && !text.includes(theirs));
    };
    for (let round = 0; round < 100; round++) {
      await Promise.all([ask(token, machineId, other.machineId), ask(other.adminToken, other.machineId, machineId)]);
    }
  },
};

export const tenantChecks: readonly Check[] = [stored, ids, interleaved];

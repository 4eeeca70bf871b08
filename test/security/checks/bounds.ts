// S40–S42: what one caller can cost the others.

import { maxBodyBytes } from "@longwire/shared/limits.ts";
import type { Check } from "../check.ts";
import { fill, isForSessions, isSocket, mutates, nameOf } from "../routes.ts";
import { spares } from "../target.ts";

const patterns: Check = {
  id: "S40",
  title: "a pattern that makes others' engines hang is refused or answered at once",
  async run(probe) {
    const { process } = probe.target;
    const refused = [`(${"a".repeat(10_000)})`, "(?=a)b", "(?<=a)b", "(a)\\1", "(", "a{1000}{1000}", "[[:nope:]]"];
    for (const pattern of refused) {
      const path = `/v1/machines/-/processes/${process}/wait?until=match&wait_ms=1&pattern=${encodeURIComponent(pattern)}`;
      const { status, code } = await probe.ask("GET", path);
      probe.holds(
        `${pattern.slice(0, 30)}: ${status} ${code}`,
        (status === 422 && code === "invalid_request") || status === 414,
      );
    }
    for (const pattern of ["(a+)+$", "(a|a)*$", "(.*a){20}", "(x+x+)+y"]) {
      const path = `/v1/machines/-/processes/${process}/wait?until=match&wait_ms=200&pattern=${encodeURIComponent(pattern)}`;
      const { status } = await probe.ask("GET", path);
      // Where nobody knows of a process, there is none to search.
      const none = probe.target.inside === null && status === 404;
      probe.holds(`${pattern}: ${status}`, none || [200, 422].includes(status));
    }
  },
};

const sizes: Check = {
  id: "S41",
  title: "what is too large is refused, whichever part of a request it is",
  async run(probe) {
    const { target } = probe;
    const [host, bearer] = [`Host: ${new URL(target.url).host}`, `Authorization: Bearer ${target.token}`];
    for (const route of target.routes.filter((one) => mutates(one) && !isForSessions(one) && spares(target, one))) {
      const path = fill(route, target.machineId, "nothing");
      const large = await probe.ask(route.method, path, { body: `{"command":"${"x".repeat(maxBodyBytes)}"}` });
      probe.same(`${nameOf(route)} with 1 MiB and more`, [large.status, large.code], [413, "payload_too_large"]);
      const packed = await probe.ask(route.method, path, { body: "{}", headers: { "Content-Encoding": "gzip" } });
      probe.same(`${nameOf(route)} packed`, [packed.status, packed.code], [415, "unsupported_media_type"]);
    }
    for (const route of target.routes.filter((one) => !isSocket(one))) {
      const path = fill(route, target.machineId, "nothing");
      const long = await probe.ask(route.method, `${path}?x=${"x".repeat(9000)}`);
      probe.same(`${nameOf(route)} with a long address`, long.status, 414);
    }
    if (target.url.startsWith("https:")) return;
    const many = Array.from({ length: 300 }, (_, at) => `x-${at}: y`);
    probe.same("many headers", (await probe.askRaw([host, bearer, ...many], "/v1/machines")).status, 431);
    probe.same(
      "a large header",
      (await probe.askRaw([host, bearer, `x: ${"y".repeat(40_000)}`], "/v1/machines")).status,
      431,
    );
    const declared = [host, bearer, "Content-Type: application/json", `Content-Length: ${100 * maxBodyBytes}`];
    probe.same("100 MiB", (await probe.askRaw(declared, "/v1/machines/-/processes", "POST", "{")).status, 413);
  },
};

const shapes: Check = {
  id: "F27",
  title: "bodies that are no JSON, too deep, doubled or of the wrong kind are refused and change nothing",
  async run(probe) {
    const deep = `{"command":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
    const bodies = [
      "{",
      "null",
      "[]",
      "1",
      '"x"',
      `{"command":1e400}`,
      `{"command":null}`,
      deep,
      `{"__proto__":{"command":"true"}}`,
    ];
    const more = [
      `{"constructor":{"prototype":{"command":"true"}}}`,
      `{"command":"true","command":"id","use":"bare"}`,
      "\u0000",
      "{}{}",
      `{"argv":{}}`,
    ];
    for (const route of probe.target.routes.filter(
      (one) => mutates(one) && !isForSessions(one) && spares(probe.target, one),
    )) {
      const path = fill(route, probe.target.machineId, "nothing");
      for (const body of [...bodies, ...more]) {
        const { status } = await probe.ask(route.method, path, { body });
        probe.holds(
          `${nameOf(route)} with ${body.slice(0, 30)}: ${status}`,
          // Another protocol's word for it there.
          (route.path === "/mcp" ? [400] : [422, 404]).includes(status) || (status === 413 && body === deep),
        );
      }
    }
  },
};

export const boundChecks: readonly Check[] = [patterns, sizes, shapes];

// S8–S16: what a page of another origin, a rebound name or a browser's guess about a type could do.

import type { Check } from "../check.ts";
import type { Probe } from "../probe.ts";
import { atOnce, fill, isForSessions, isSocket, mutates, nameOf } from "../routes.ts";
import { spares } from "../target.ts";

const foreignOrigins = ({ target }: Probe): readonly string[] => {
  const { protocol, host, hostname } = new URL(target.url);
  return [
    ...[
      "https://evil.example",
      "null",
      "file://",
      `${protocol}//${hostname}.evil.example`,
      `${protocol}//evil.${host}`,
    ],
    ...[
      `${protocol}//${hostname}:1`,
      `${protocol}//user@evil.example`,
      "chrome-extension://abc",
      "http://localhost.evil.example",
      "x",
    ],
  ];
};
const bearer = ({ target }: Probe): Record<string, string> => ({ Authorization: `Bearer ${target.token}` });

const sockets: Check = {
  id: "S8",
  title: "a socket asked for by another origin's page is refused with 403",
  async run(probe) {
    for (const Origin of foreignOrigins(probe)) {
      for (const protocol of ["longwire.events.v1", "longwire.viewer.v1"]) {
        const { status } = await probe.dial("/v1/machines/-/ws", protocol, { ...bearer(probe), Origin });
        probe.same(`${protocol} from ${Origin}`, status, 403);
      }
      probe.same(`a link from ${Origin}`, (await probe.dial("/v1/link", "longwire.runner.v1", { Origin })).status, 403);
    }
    const { status, socket } = await probe.dial("/v1/machines/-/ws", "longwire.events.v1", bearer(probe));
    probe.same("without an origin", status, 101);
    socket?.terminate();
  },
};

const unauthenticated: Check = {
  id: "S9",
  title: "a socket without a token is refused before it opens, and one that says nonsense is closed",
  async run(probe) {
    for (const path of ["/v1/link", "/v1/machines/-/ws", `/v1/machines/${probe.target.machineId}/ws`]) {
      for (const headers of [{}, { Authorization: "Bearer x" }, { Cookie: "token=x" }]) {
        probe.same(path, (await probe.dial(path, "longwire.events.v1", headers)).status, 401);
      }
      const bearers = { "Sec-WebSocket-Protocol": `bearer.${probe.target.token}` };
      const answer = await probe.ask("GET", path, { token: null, headers: bearers });
      probe.same(`${path} with a token as subprotocol`, answer.status, 401);
    }
    for (const [protocol, nonsense] of [
      ["longwire.events.v1", "{"],
      ["longwire.viewer.v1", `{"type":"admin"}`],
    ] as const) {
      const { socket } = await probe.dial("/v1/machines/-/ws", protocol, bearer(probe));
      const code = new Promise((resolve) => socket?.once("close", resolve));
      socket?.send(nonsense);
      probe.same(`${protocol} that hears nonsense`, await code, 1008);
    }
    const { other } = probe.target;
    if (other === null) return;
    const machine = { Authorization: `Bearer ${other.machineToken}` };
    for (const first of [
      Buffer.from([1, 0, 0, 0, 123]),
      `{"type":"policy","policy_mode":"open","commands":[]}`,
      `{"type":"hello"}`,
    ]) {
      const { socket } = await probe.dial("/v1/link", "longwire.runner.v1", machine);
      const code = new Promise((resolve) => socket?.once("close", resolve));
      socket?.send(first);
      probe.same("a link that does not begin with hello", await code, 1008);
    }
  },
};

const forged: Check = {
  id: "S10",
  title: "what a page can send without leave changes nothing: other origins 403, cookies 401, other types 415",
  async run(probe) {
    const { target } = probe;
    for (const route of target.routes.filter((one) => mutates(one) && one.needs !== "open" && spares(target, one))) {
      const path = fill(route, target.machineId, target.process);
      for (const Origin of foreignOrigins(probe).slice(0, 4)) {
        const answer = await probe.ask(route.method, path, { body: {}, headers: { Origin } });
        probe.same(`${nameOf(route)} from ${Origin}`, answer.status, 403);
      }
      const cookie = await probe.ask(route.method, path, {
        token: null,
        body: {},
        headers: { Cookie: `token=${target.token}; __Host-session=${target.token}` },
      });
      probe.same(`${nameOf(route)} with a cookie`, cookie.status, 401);
      const body = `{"command":"true"}`;
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
      ]) {
        const answer = await probe.ask(route.method, path, { body, headers: { "Content-Type": type } });
        // A process or token that is not there may be said first; what may not be is an action.
        probe.holds(
          `${nameOf(route)} as ${type}: ${answer.status}`,
          [415, 404, ...(isForSessions(route) ? [403] : [])].includes(answer.status),
        );
      }
    }
  },
};

const crossOrigin: Check = {
  id: "S11",
  title: "no answer lets another origin read it",
  async run(probe) {
    for (const Origin of foreignOrigins(probe)) {
      const asked = {
        Origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
      };
      for (const path of ["/v1/machines", "/v1/machines/-/processes", "/healthz"]) {
        for (const [method, headers] of [
          ["OPTIONS", asked],
          ["GET", { Origin }],
        ] as const) {
          const answer = await probe.ask(method, path, { headers });
          probe.same(`${method} ${path} from ${Origin}`, answer.headers.get("Access-Control-Allow-Origin"), null);
          probe.same(`${method} ${path} from ${Origin}`, answer.headers.get("Access-Control-Allow-Credentials"), null);
          probe.same(`${method} ${path} from ${Origin}`, answer.status, 403);
        }
      }
    }
  },
};

const rebound: Check = {
  id: "S12",
  title: "a request for another host is refused",
  async run(probe) {
    const { token, url } = probe.target;
    const { port, protocol } = new URL(url);
    if (protocol === "https:") {
      // Whoever ends the TLS routes by name; other names do not come this far.
      probe.same("its own name", (await probe.ask("GET", "/healthz")).status, 200);
      return;
    }
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "0.0.0.0",
      "[::]",
      "169.254.169.254",
    ]) {
      const answer = await probe.askRaw([`Host: ${host}`, `Authorization: Bearer ${token}`], "/v1/machines");
      probe.holds(`Host: ${host}: ${answer.status}`, answer.status >= 400 && answer.status < 500);
      probe.holds(`Host: ${host} is told of machines`, !answer.body.includes("machine_id"));
    }
  },
};

/** Types that a browser does not render as a page, nor runs as a script. */
const inert =
  /^(application\/(problem\+)?json|application\/octet-stream|text\/plain(; ?charset=utf-8)?|text\/event-stream)(;|$)/i;
/** Open for people, and with nothing in them that anybody else wrote. */
const ownPages = ["/docs", "/"];

const types: Check = {
  id: "S15",
  title: "every answer is data of the type it names: never a page, never sniffed, never kept",
  async run(probe) {
    const { target } = probe;
    for (const route of target.routes.filter(
      (one) => !ownPages.includes(one.path) && !isSocket(one) && spares(target, one),
    )) {
      for (const Accept of ["text/html,*/*", "text/event-stream"]) {
        if (mutates(route) && Accept !== "text/html,*/*") continue;
        const body = mutates(route) ? { body: { "<script>alert(1)</script>": "<img src=x onerror=alert(1)>" } } : {};
        const answer = await probe.ask(route.method, fill(route, target.machineId, target.process) + atOnce(route), {
          ...body,
          headers: { Accept },
        });
        if (answer.status === 204) continue;
        const type = answer.headers.get("Content-Type") ?? "none";
        probe.holds(`${nameOf(route)} is ${type}`, inert.test(type));
        probe.same(`${nameOf(route)} sniffing`, answer.headers.get("X-Content-Type-Options"), "nosniff");
        probe.same(`${nameOf(route)} referrer`, answer.headers.get("Referrer-Policy"), "no-referrer");
        const raw = type.startsWith("application/octet-stream");
        if (raw)
          probe.holds(
            `${nameOf(route)} shown in place`,
            (answer.headers.get("Content-Disposition") ?? "").startsWith("attachment"),
          );
        if (route.path.startsWith("/v1/"))
          probe.holds(`${nameOf(route)} kept`, /no-(store|cache)/.test(answer.headers.get("Cache-Control") ?? ""));
        probe.same(`${nameOf(route)} sets a cookie`, answer.headers.get("Set-Cookie"), null);
      }
    }
  },
};

export const browserChecks: readonly Check[] = [sockets, unauthenticated, forged, crossOrigin, rebound, types];

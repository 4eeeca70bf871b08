// What every request passes first and every answer carries, whatever the route.

import { expect, test } from "vitest";
import { maxHeaderBytes, maxOpenBodyBytes, maxUrlLength } from "@longwire/shared/limits.ts";
import { enrollMachine } from "../fixtures/enrolled-machine.ts";
import { codeOf } from "../fixtures/new-workspace.ts";
import { testEnv } from "../fixtures/test-env.ts";
import { createApp } from "./app.ts";

const app = createApp();
const origin = "http://127.0.0.1";
const env = { ...testEnv, ALLOWED_HOSTS: "127.0.0.1" };

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return await app.fetch(new Request(origin + path, init), env);
}

test("[T30] what is too large is refused before anything else, with a problem of its own", async () => {
  expect(await codeOf(await ask("/healthz?".padEnd(maxUrlLength, "x")))).toEqual([414, "url_too_long"]);
  const headers = { "X-Large": "x".repeat(maxHeaderBytes) };
  expect(await codeOf(await ask("/v1/machines", { headers }))).toEqual([431, "headers_too_large"]);
  const body = JSON.stringify({ name: "x".repeat(maxOpenBodyBytes) });
  const enroll = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  expect(await codeOf(await ask("/v1/enroll", enroll))).toEqual([413, "payload_too_large"]);
});

const socketHeaders = { Upgrade: "websocket", "Sec-WebSocket-Protocol": "longwire.events.v1" };

test("[T31] sockets, preflights and requests of foreign pages are refused, and nobody is given leave to read", async () => {
  const { request } = await enrollMachine();
  const preflight = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" };
  for (const foreign of ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://a.127.0.0.1"]) {
    for (const answer of [
      await request("/ws", { headers: { ...socketHeaders, Origin: foreign } }),
      await request("/processes", { method: "OPTIONS", headers: { ...preflight, Origin: foreign } }),
      await request("/processes", { headers: { Origin: foreign } }),
    ]) {
      expect(await codeOf(answer)).toEqual([403, "host_not_allowed"]);
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  }
  const own = await request("/processes", { method: "OPTIONS", headers: { ...preflight, Origin: origin } });
  expect(own.status).toBe(404);
  expect(own.headers.has("Access-Control-Allow-Origin")).toBe(false);
  const opened = await request("/ws", { headers: { ...socketHeaders, Origin: origin } });
  expect(opened.status).toBe(101);
  opened.webSocket?.accept();
  opened.webSocket?.close();
});

test("[T33] every answer is data of its named type, for this origin, kept nowhere; over TLS it asks for TLS", async () => {
  const { request } = await enrollMachine();
  const answers = [
    await ask("/healthz"),
    await ask("/nothing"),
    await ask("/v1/machines"),
    await ask("/v1/machines", { headers: { Origin: "https://evil.example" } }),
    await request(""),
    await request("/processes/p9"),
    await request("/events"),
    await request("/ws"),
    await request("/events?after=0", { headers: { Accept: "text/event-stream" } }),
  ];
  for (const answer of answers) {
    const { headers } = answer;
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
    expect(headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.has("Strict-Transport-Security")).toBe(false);
    await answer.body?.cancel();
  }
  const secure = await app.fetch(new Request("https://127.0.0.1/healthz"), env);
  expect(secure.headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d{8}/);
});

test("[T39] security.txt names the operator's contacts until a day to come, and is not there without them", async () => {
  const path = "/.well-known/security.txt";
  for (const wrong of [undefined, "", "somebody@example", "mailto:x", "http://a", "https://a mailto:"]) {
    const bindings = wrong === undefined ? env : { ...env, SECURITY_CONTACT: wrong };
    const answer = await app.fetch(new Request(origin + path), bindings);
    expect(await codeOf(answer)).toEqual([404, "not_found"]);
  }
  const bindings = { ...env, SECURITY_CONTACT: "mailto:flaws@wire.example https://wire.example/flaws" };
  const answer = await app.fetch(new Request(`https://127.0.0.1${path}`), bindings);
  expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/plain; charset=utf-8"]);
  const lines = (await answer.text()).split("\n");
  expect(lines.slice(0, 2)).toEqual(["Contact: mailto:flaws@wire.example", "Contact: https://wire.example/flaws"]);
  const expires = /^Expires: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(lines[2] ?? "")?.[1] ?? "";
  const inDays = (Date.parse(expires) - Date.now()) / (24 * 3600_000);
  expect(inDays).toBeGreaterThan(7);
  expect(inDays).toBeLessThan(365);
  expect(lines.slice(3)).toEqual([`Canonical: https://127.0.0.1${path}`, ""]);
});

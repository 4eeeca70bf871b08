import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import type { NewTicket } from "@longwire/shared/api/tickets.ts";
import { maxTickets, ticketLifeMs } from "@longwire/shared/limits.ts";
import { call, codeOf, newWorkspace, openEnv, type NewWorkspace } from "../fixtures/new-workspace.ts";
import { SocketLog } from "../fixtures/socket-log.ts";
import { createApp } from "./app.ts";

const app = createApp();
let own: NewWorkspace;

beforeAll(async () => {
  own = await newWorkspace();
});

async function ticketOf(token: string, body: object = {}): Promise<NewTicket> {
  const response = await call("POST", "/v1/tickets", token, body);
  expect(response.status).toBe(201);
  return await response.json<NewTicket>();
}

/** An upgrade as a browser sends it. */
async function open(protocols: readonly string[], path = "/v1/machines/-/ws", more = {}): Promise<Response> {
  const headers = { Upgrade: "websocket", "Sec-WebSocket-Protocol": protocols.join(", "), ...more };
  const response = await app.fetch(new Request(`http://127.0.0.1${path}`, { headers }), openEnv);
  return response;
}

test("[T37] a ticket opens a socket of either kind, and is not what the answer speaks", async () => {
  for (const protocol of ["longwire.events.v1", "longwire.viewer.v1"]) {
    for (const isFirst of [true, false]) {
      const { ticket, expires_at: ends } = await ticketOf(own.adminToken);
      const inMs = Date.parse(ends) - Date.now();
      expect(inMs).toBeGreaterThan(0);
      expect(inMs).toBeLessThanOrEqual(ticketLifeMs);
      await evictDurableObject(own.object);
      const opened = await open(isFirst ? [ticket, protocol] : [protocol, ticket]);
      expect([opened.status, opened.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, protocol]);
      opened.webSocket?.accept();
      opened.webSocket?.close();
    }
  }
});

test("[T37] of twenty that come with one ticket at once, one gets in; and none later", async () => {
  const { ticket } = await ticketOf(own.adminToken);
  const answers = await Promise.all(Array.from({ length: 20 }, () => open([ticket, "longwire.events.v1"])));
  expect(answers.filter(({ status }) => status === 101)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  for (const { webSocket } of answers) {
    webSocket?.accept();
    webSocket?.close();
  }
  expect(await codeOf(await open([ticket, "longwire.events.v1"]))).toEqual([401, "unauthorized"]);
});

test("[T37] a ticket that is too old, made up, cut or another workspace's opens nothing", async () => {
  const { ticket } = await ticketOf(own.adminToken);
  await runInDurableObject(own.object, (_, { storage }) => {
    storage.sql.exec(`UPDATE tickets SET expires_at = ?`, Date.now());
  });
  const other = await newWorkspace("other");
  const foreign = await ticketOf(other.adminToken);
  expect(await codeOf(await open([ticket, "longwire.events.v1"]))).toEqual([401, "unauthorized"]);
  const path = `/v1/machines/${own.machineId}/ws`;
  expect(await codeOf(await open([foreign.ticket, "longwire.events.v1"], path))).toEqual([404, "not_found"]);
  for (const wrong of ["ticket.", "ticket.x", ticket.slice(0, -1), `ticket.${own.adminToken}`]) {
    expect(await codeOf(await open([wrong, "longwire.events.v1"]))).toEqual([401, "unauthorized"]);
  }
});

test("[T37] a ticket for one machine opens no other", async () => {
  const { ticket } = await ticketOf(own.adminToken, { machine: "box" });
  const opened = await open([ticket, "longwire.events.v1"], `/v1/machines/${own.machineId}/ws`);
  expect(opened.status).toBe(101);
  opened.webSocket?.accept();
  opened.webSocket?.close();
  expect((await call("POST", "/v1/tickets", own.adminToken, { machine: "nobody" })).status).toBe(404);
  // One of a machine that is gone since.
  const gone = await ticketOf(own.adminToken);
  await runInDurableObject(own.object, (_, { storage }) => {
    storage.sql.exec(`UPDATE tickets SET machine = 'm_other'`);
  });
  expect(await codeOf(await open([gone.ticket, "longwire.events.v1"]))).toEqual([404, "not_found"]);
});

test("[T37] a ticket is no token: it opens nothing but a viewer's socket", async () => {
  const { ticket } = await ticketOf(own.adminToken);
  const text = ticket.slice("ticket.".length);
  expect((await call("GET", "/v1/machines", text)).status).toBe(401);
  for (const path of ["/v1/machines", "/v1/link", "/v1/machines/-/events", "/v1/machines/-/processes"]) {
    expect((await open([ticket, "longwire.runner.v1"], path)).status).toBe(401);
  }
  // Beside a token it is not looked at.
  const both = await open([ticket, "longwire.events.v1"], undefined, { Authorization: "Bearer garbage" });
  expect(both.status).toBe(401);
  const opened = await open([ticket, "longwire.events.v1"]);
  expect(opened.status).toBe(101);
  opened.webSocket?.accept();
  opened.webSocket?.close();
});

test("[T37] what a ticket opened closes with its token, and one that was not used opens nothing after", async () => {
  const { id, token } = await own.tokenFor({ scopes: ["read"] });
  const used = await ticketOf(token);
  const unused = await ticketOf(token);
  const { webSocket } = await open([used.ticket, "longwire.events.v1"]);
  if (webSocket === null) throw new Error("it was not opened");
  const socket = new SocketLog(webSocket);
  expect((await call("DELETE", `/v1/tokens/${id}`, own.adminToken)).status).toBe(204);
  expect((await socket.closed).code).toBe(4401);
  expect(await codeOf(await open([unused.ticket, "longwire.events.v1"]))).toEqual([401, "unauthorized"]);
});

test("[T37] [T3] tickets are kept as hashes, and no more of them than there may be", async () => {
  const { ticket } = await ticketOf(own.adminToken);
  const rows = await runInDurableObject(own.object, (_, { storage }) => {
    const text = JSON.stringify(storage.sql.exec(`SELECT * FROM tickets`).toArray());
    for (let count = 0; count < maxTickets; count++) {
      storage.sql.exec(`INSERT INTO tickets VALUES (?, 'tok', NULL, ?)`, `fill ${count}`, Date.now() + 60_000);
    }
    return text;
  });
  expect(rows).toMatch(/"hash":"[0-9a-f]{64}"/);
  expect(rows).not.toContain(ticket.slice(54));
  expect(await codeOf(await call("POST", "/v1/tickets", own.adminToken, {}))).toEqual([409, "limit_reached"]);
  await runInDurableObject(own.object, (_, { storage }) => {
    storage.sql.exec(`UPDATE tickets SET expires_at = ?`, Date.now());
  });
  await ticketOf(own.adminToken);
});

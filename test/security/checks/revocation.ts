// S22: what a revoked token still has open.

import WebSocket from "ws";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Check } from "../check.ts";
import { makeToken } from "./access.ts";

const revokedWithinMs = 5000;
/** What a busy machine may add before an end is seen. */
const leewayMs = 3000;

const revocation: Check = {
  id: "S22",
  title: "a revoked token's open sockets and stream are closed within 5 s, and it is refused",
  async run(probe) {
    const { id, token } = await makeToken(probe, ["read"]);
    const headers = { Authorization: `Bearer ${token}` };
    const protocols = ["longwire.events.v1", "longwire.viewer.v1", "longwire.events.v1"];
    const sockets = await Promise.all(protocols.map((protocol) => probe.dial("/v1/machines/-/ws", protocol, headers)));
    probe.same(
      "sockets",
      sockets.map(({ status }) => status),
      [101, 101, 101],
    );
    const stream = await fetch(`${probe.target.url}/v1/machines/-/events`, {
      headers: { ...headers, Accept: "text/event-stream" },
    });
    probe.same("the stream", stream.status, 200);
    const drained = drain(stream);
    const startedAt = performance.now();
    probe.same("revoking", (await probe.ask("DELETE", `/v1/tokens/${id}`)).status, 204);
    // A socket that was told to close is over for both ends, however long the connection below it stays.
    await waitUntil(
      "three sockets and a stream are over",
      () => drained.isOver && sockets.every(({ socket }) => socket?.readyState !== WebSocket.OPEN),
      revokedWithinMs + leewayMs,
    );
    const tookMs = Math.round(performance.now() - startedAt);
    probe.holds(`it took ${tookMs} ms`, tookMs < revokedWithinMs + leewayMs);
    for (const { socket } of sockets) socket?.terminate();
    probe.same("the token then", (await probe.ask("GET", "/v1/machines", { token })).status, 401);
  },
};

function drain(stream: Response): { isOver: boolean } {
  const drained = { isOver: false };
  const read = async (): Promise<void> => {
    for await (const _ of stream.body ?? []);
  };
  // Cut off is over as well.
  void read()
    .catch(() => undefined)
    .then(() => (drained.isOver = true));
  return drained;
}

export const revocationChecks: readonly Check[] = [revocation];

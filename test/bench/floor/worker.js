/**
 * The floor's object: stores each of the sender's messages as one row, relays it as it is, acknowledges it. Nothing else.
 * Fixed, since every other figure is read against it: changes only in a commit of its own.
 */
import { DurableObject } from "cloudflare:workers";

export class Relay extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, message BLOB)");
  }

  async fetch(request) {
    if (request.method === "DELETE") {
      await this.ctx.storage.deleteAll();
      return new Response(null, { status: 204 });
    }
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [new URL(request.url).searchParams.get("role")]);
    return new Response(null, { status: 101, webSocket: client });
  }

  // The output gate holds both sends until the write is durable.
  webSocketMessage(sender, message) {
    this.ctx.storage.sql.exec("INSERT INTO log (message) VALUES (?)", message);
    for (const viewer of this.ctx.getWebSockets("viewer")) viewer.send(message);
    sender.send("ack");
  }
}

// oxlint-disable-next-line import/no-default-export -- the platform takes a Worker as one
export default {
  fetch(request, env) {
    return env.RELAY.get(env.RELAY.idFromName(new URL(request.url).pathname)).fetch(request);
  },
};

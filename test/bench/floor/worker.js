/**
 * The floor's object: stores each of the sender's messages as one row, relays it as it is, acknowledges it. Reads its rows
 * back on request. Nothing else. Fixed, since every other figure is read against it: changes only in a commit of its own.
 */
import { DurableObject } from "cloudflare:workers";

const READ_ROWS = 16;
const PREFIX_BYTES = 8;

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
    const { searchParams } = new URL(request.url);
    const after = searchParams.get("after");
    if (after !== null) return new Response(this.#readRows(Number(after)));
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [searchParams.get("role")]);
    return new Response(null, { status: 101, webSocket: client });
  }

  // The output gate holds both sends until the write is durable.
  webSocketMessage(sender, message) {
    this.ctx.storage.sql.exec("INSERT INTO log (message) VALUES (?)", message);
    for (const viewer of this.ctx.getWebSockets("viewer")) viewer.send(message);
    sender.send("ack");
  }

  /** All rows after `id`, each as `u32 id | u32 length | message`. */
  #readRows(id) {
    const { sql } = this.ctx.storage;
    return new ReadableStream({
      pull(controller) {
        const rows = sql.exec("SELECT id, message FROM log WHERE id > ? ORDER BY id LIMIT ?", id, READ_ROWS).toArray();
        if (rows.length === 0) return controller.close();
        for (const row of rows) {
          const frame = new Uint8Array(PREFIX_BYTES + row.message.byteLength);
          const prefix = new DataView(frame.buffer);
          prefix.setUint32(0, row.id);
          prefix.setUint32(4, row.message.byteLength);
          frame.set(new Uint8Array(row.message), PREFIX_BYTES);
          controller.enqueue(frame);
          id = row.id;
        }
      },
    });
  }
}

// oxlint-disable-next-line import/no-default-export -- the platform takes a Worker as one
export default {
  fetch(request, env) {
    return env.RELAY.get(env.RELAY.idFromName(new URL(request.url).pathname)).fetch(request);
  },
};

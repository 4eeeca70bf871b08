/** Follows jobs over `longwire.events.v1`: one JSON event a message, acknowledged as they are taken. */
import { once } from "node:events";

import { WebSocket } from "ws";

import { createJobEvents, type JobEvent } from "./job-events.ts";
import type { Follow } from "./longwire.ts";

const ACK_BYTES = 256 * 1024;

export const followEvents: Follow = async ({ url, token, after }, names, onChunk) => {
  const query = after === null ? "" : `?after=${after}`;
  const address = `${url.replace(/^http/, "ws")}/v1/machines/-/ws${query}`;
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(address, "longwire.events.v1", { headers, perMessageDeflate: false });
  const events = createJobEvents(names, onChunk);
  let unackedBytes = 0;
  const complete = new Promise<void>((resolve, reject) => {
    socket.on("message", (message: Buffer) => {
      const event: JobEvent = JSON.parse(message.toString());
      unackedBytes += message.length;
      if (unackedBytes >= ACK_BYTES && event.seq !== undefined) {
        socket.send(JSON.stringify({ ack: event.seq }));
        unackedBytes = 0;
      }
      try {
        if (events.take(event)) resolve();
      } catch (error) {
        reject(error);
      }
    });
    socket.once("error", reject);
    socket.once("close", (code, reason) => reject(new Error(`the events socket closed: ${code} ${reason.toString()}`)));
  });
  complete.catch(() => undefined);
  await once(socket, "open");
  return { complete, close: () => socket.terminate() };
};

/** Follows jobs over `longwire.viewer.v1`: events in binary frames, whose output is bytes, against credit. */
import { once } from "node:events";

import { readViewerFrame } from "@longwire/shared/read-viewer-frame.ts";
import { viewerSubprotocol } from "@longwire/shared/viewer-frame.ts";
import type { ViewerRequest } from "@longwire/shared/viewer-request.ts";
import { WebSocket } from "ws";

import { createJobEvents } from "./job-events.ts";
import type { Follow } from "./longwire.ts";

const CREDIT_BYTES = 8 * 1024 ** 2;
const GRANT_BYTES = 512 * 1024;

export const followViewer: Follow = async ({ url, token, after }, names, onChunk) => {
  const address = `${url.replace(/^http/, "ws")}/v1/machines/-/ws`;
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(address, viewerSubprotocol, { headers, perMessageDeflate: false });
  const events = createJobEvents(names, onChunk);
  const there = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let takenBytes = 0;

  const say = (request: ViewerRequest): void => socket.send(JSON.stringify(request));

  function take(message: Buffer, isBinary: boolean): void {
    const frame = readViewerFrame(isBinary ? message : message.toString(), (utf8) => Buffer.from(utf8).toString());
    takenBytes += message.length;
    if (takenBytes >= GRANT_BYTES) {
      say({ type: "credit", bytes: takenBytes });
      takenBytes = 0;
    }
    if (frame?.type === "refused") throw new Error(`the subscription was refused: ${frame.detail}`);
    if (frame?.type === "subscribed") there.resolve();
    if (frame?.type === "expired") events.take(frame);
    if (frame?.type !== "events") return;
    for (const event of frame.events) if (events.take(event)) ended.resolve();
  }

  function fail(error: unknown): void {
    there.reject(error);
    ended.reject(error);
  }

  ended.promise.catch(() => undefined);
  socket.on("message", (message: Buffer, isBinary) => {
    try {
      take(message, isBinary);
    } catch (error) {
      fail(error);
    }
  });
  socket.once("error", fail);
  socket.once("close", (code, reason) => fail(new Error(`the viewer's socket closed: ${code} ${reason.toString()}`)));
  await once(socket, "open");
  const filter = names.length === 1 ? { process: names[0] } : {};
  say({ type: "subscribe", id: 1, ...filter, ...(after === null ? {} : { after }) });
  say({ type: "credit", bytes: CREDIT_BYTES });
  await there.promise;
  return { complete: ended.promise, close: () => socket.terminate() };
};

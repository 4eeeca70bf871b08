// One turn of sending to one viewer that is behind.

import { expiredAfter } from "@longwire/shared/expired-frame.ts";
import { viewerSliceBytes, viewerStepBytes } from "@longwire/shared/limits.ts";
import type { Subscription } from "@longwire/shared/viewer-state.ts";
import type { Log } from "./log.ts";
import type { ViewerFace } from "./viewer-face.ts";

/** Sends up to a slice of what the viewer misses, within its credit and up to one event beyond `allowance`; how many bytes that were. */
export function sendSlice(socket: WebSocket, face: ViewerFace, log: Log, allowance: number): number {
  let sent = 0;
  for (let cost = 0; cost < viewerSliceBytes;) {
    const budget = Math.min(face.credit, allowance - sent);
    const subscription = face.next(log.head);
    if (subscription === null || budget <= 0) break;
    const bytes = sendStep(socket, face, subscription, log, budget);
    sent += bytes;
    cost += Math.max(bytes, viewerStepBytes);
  }
  for (const text of face.settle()) {
    socket.send(text);
    face.charge(text.length);
    sent += text.length;
  }
  return sent;
}

/** What one batch has for a subscription, or in place of it what is gone. */
function sendStep(socket: WebSocket, face: ViewerFace, subscription: Subscription, log: Log, budget: number): number {
  const gone = expiredAfter(subscription.cursor, log.earliest);
  if (gone !== null) {
    const text = face.expired(subscription, gone);
    socket.send(text);
    face.noteSent(subscription, gone.to_seq, text.length);
    return text.length;
  }
  const sent = log.readAt(subscription.cursor + 1, (batch) => {
    const from = Math.max(subscription.cursor + 1, batch.seq);
    const { messages, bytes, seq } = face.read(subscription, batch, from, budget);
    for (const message of messages) socket.send(message);
    face.noteSent(subscription, seq, bytes);
    return bytes;
  });
  if (sent === null) throw new Error("the log has no batch below its head");
  return sent;
}

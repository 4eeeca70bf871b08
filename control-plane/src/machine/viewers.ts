// Viewers of the event socket. Each holds a cursor, a filter and what it has not acknowledged, in its socket's
// attachment; the object never queues more than the credit for one, and reads the log for one that is behind.

import * as z from "zod";
import { eventFilterSchema, type EventFilter } from "@longwire/shared/api/requests.ts";
import { closeCodes } from "@longwire/shared/errors.ts";
import { expiredAfter } from "@longwire/shared/expired-frame.ts";
import { maxViewers, viewerCreditBytes, viewerPatienceMs, viewerSliceBytes } from "@longwire/shared/limits.ts";
import { beginViewing, hasCredit, noteAck, noteSent, viewerProgressSchema } from "@longwire/shared/viewer-progress.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import type { Log } from "./log.ts";

export const viewerTag = "viewer";

const attachmentSchema = z.object({
  filter: eventFilterSchema,
  progress: viewerProgressSchema,
  /** When the credit ran out, in object time; null while there is credit. */
  paused_at: z.number().int().nullable(),
});
type Viewer = z.infer<typeof attachmentSchema>;

const ackSchema = z.object({ ack: z.number().int().min(0) });

export class Viewers {
  readonly #context: DurableObjectState;
  readonly #log: () => Log;
  readonly #known = new Map<WebSocket, Viewer>();
  #alarmAt: number | null = null;

  constructor(context: DurableObjectState, log: () => Log) {
    this.#context = context;
    this.#log = log;
  }

  #sockets(): WebSocket[] {
    return this.#context.getWebSockets(viewerTag).filter((socket) => socket.readyState === WebSocket.OPEN);
  }

  /** Whether anybody watches this machine. */
  get isWatched(): boolean {
    return this.#sockets().length > 0;
  }

  /** Whether one more viewer fits. */
  get hasRoom(): boolean {
    return this.#sockets().length < maxViewers;
  }

  /** Takes a socket whose reader has everything up to `after` and wants what `filter` lets through. */
  add(socket: WebSocket, after: number, filter: EventFilter): void {
    this.#context.acceptWebSocket(socket, [viewerTag]);
    this.#keep(socket, { filter, progress: beginViewing(after), paused_at: null });
    this.#pump(socket);
  }

  #read(socket: WebSocket): Viewer {
    return this.#known.get(socket) ?? attachmentSchema.parse(socket.deserializeAttachment());
  }

  #keep(socket: WebSocket, viewer: Viewer): void {
    this.#known.set(socket, viewer);
    socket.serializeAttachment(viewer);
  }

  /** A message from a viewer: an acknowledgement, or the end of the connection. */
  onMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    const ack = ackSchema.safeParse(typeof message === "string" ? parseJson(message) : undefined);
    if (!ack.success) return socket.close(closeCodes.invalid, 'send {"ack": seq}, nothing else');
    const viewer = this.#read(socket);
    const progress = noteAck(viewer.progress, ack.data.ack);
    if (progress === viewer.progress) return;
    this.#keep(socket, { ...viewer, progress, paused_at: null });
    this.#pump(socket);
  }

  forget(socket: WebSocket): void {
    this.#known.delete(socket);
  }

  /** Sends what the log has for each viewer. Called after each stored batch. */
  serve(): void {
    for (const socket of this.#sockets()) this.#pump(socket);
  }

  /** Sends one viewer up to a slice of what it misses, within its credit. */
  #pump(socket: WebSocket): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    const log = this.#log();
    const viewer = this.#read(socket);
    let { progress } = viewer;
    let slice = 0;
    const expired = hasCredit(progress) ? expiredAfter(progress.cursor, log.earliest) : null;
    if (expired !== null) {
      const text = JSON.stringify(expired);
      socket.send(text);
      progress = noteSent(progress, expired.to_seq, text.length);
    }
    while (progress.cursor < log.head && slice < viewerSliceBytes && hasCredit(progress)) {
      const batch = log.batchAt(progress.cursor + 1);
      if (batch === null) break;
      let seq = Math.max(progress.cursor + 1, batch.seq);
      let bytes = 0;
      for (; seq <= batch.lastSeq && progress.unacked + bytes < viewerCreditBytes; seq++) {
        const text = batch.textAt(seq, viewer.filter);
        if (text === null) continue;
        socket.send(text);
        bytes += text.length;
      }
      progress = noteSent(progress, seq - 1, bytes);
      slice += bytes;
    }
    if (progress === viewer.progress) return;
    const paused = !hasCredit(progress);
    this.#keep(socket, { ...viewer, progress, paused_at: paused ? (viewer.paused_at ?? Date.now()) : null });
    if (paused) this.#wakeAt(Date.now() + viewerPatienceMs);
    else if (progress.cursor < log.head) setTimeout(() => this.#pump(socket), 0);
  }

  /** One alarm serves all paused viewers: it looks again for those whose time was not up. */
  #wakeAt(at: number): void {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    void this.#context.storage.setAlarm(at);
  }

  /** Closes viewers that gave no credit for too long. Called by the alarm. */
  closeStalled(now: number): void {
    this.#alarmAt = null;
    for (const socket of this.#sockets()) {
      const { paused_at: pausedAt, progress } = this.#read(socket);
      if (pausedAt === null) continue;
      if (pausedAt + viewerPatienceMs <= now) socket.close(closeCodes.tooSlow, String(progress.cursor));
      else this.#wakeAt(pausedAt + viewerPatienceMs);
    }
  }
}

// All viewers of a machine, of both subprotocols. Each has its cursor, its credit and its share of what may be in
// flight, kept in its socket's attachment; the object queues no more than that, and reads the log for one that is behind.

import * as z from "zod";
import { inputBytes } from "@longwire/shared/audit/describe-operation.ts";
import { actorSchema, type Actor } from "@longwire/shared/audit/entry.ts";
import { closeCodes } from "@longwire/shared/errors.ts";
import { maxFrameBytes, maxViewers, viewerPatienceMs } from "@longwire/shared/limits.ts";
import type { ControlFrame, MetricsFrame } from "@longwire/shared/viewer-frame.ts";
import type { ActRequest } from "@longwire/shared/viewer-request.ts";
import { ViewerShare } from "@longwire/shared/viewer-share.ts";
import { BinaryFace, binaryStateSchema } from "./binary-face.ts";
import { EventsFace, eventsStateSchema } from "./events-face.ts";
import { holderIn, tagsOf, type Holder } from "../sockets/holder.ts";
import type { Log } from "./log.ts";
import type { OneAlarm } from "../one-alarm.ts";
import { sendSlice } from "./send-slice.ts";
import type { Acted } from "./direct.ts";
import type { ViewerFace } from "./viewer-face.ts";

export const viewerTag = "viewer";

const attachmentSchema = z.object({
  state: z.discriminatedUnion("type", [eventsStateSchema, binaryStateSchema]),
  /** Since when it gives no room for what there is for it, in object time; null while it does. */
  paused_at: z.number().int().nullable(),
  /** Whose connection it is; null where the Worker itself reads on somebody's behalf. */
  actor: actorSchema.nullable().default(null),
  /** Bytes it gave to runs. */
  typed_bytes: z.number().int().default(0),
});

interface Viewer {
  readonly face: ViewerFace;
  readonly holder: Holder;
  readonly actor: Actor | null;
  typedBytes: number;
  /** What it does to runs and was not answered yet. */
  acts: number;
  pausedAt: number | null;
  /** There is more for it, and the others have what it would need. */
  isHeld: boolean;
  /** Its next slice is sent in a turn of its own. */
  isScheduled: boolean;
}

export interface ViewersParts {
  readonly context: DurableObjectState;
  readonly alarm: OneAlarm;
  readonly log: () => Log;
  readonly status: () => ControlFrame;
  /** Has a run changed for a viewer that waits for `waiting` acts, this one included. */
  readonly act: (request: ActRequest, actor: Actor | null, waiting: number) => Promise<Acted>;
  /** The first one began to watch, or nobody does any more. */
  readonly onWatched: (isWatched: boolean) => void;
  /** The same of those who want metrics. */
  readonly onMetricsWatched: (isWatched: boolean) => void;
}

export class Viewers {
  readonly #parts: ViewersParts;
  readonly #viewers = new Map<WebSocket, Viewer>();
  readonly #share = new ViewerShare<WebSocket>();
  #wasWatched: boolean;
  #wasMetricsWatched: boolean;

  /** Takes up the viewers whose sockets outlived the object's memory. */
  constructor(parts: ViewersParts) {
    this.#parts = parts;
    for (const socket of parts.context.getWebSockets(viewerTag)) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      const kept = attachmentSchema.parse(socket.deserializeAttachment());
      const { state, paused_at: pausedAt, actor, typed_bytes: typedBytes } = kept;
      const face = state.type === "events" ? new EventsFace(state) : new BinaryFace(state);
      const holder = holderIn(parts.context.getTags(socket));
      this.#viewers.set(socket, {
        face,
        holder,
        actor,
        typedBytes,
        acts: 0,
        pausedAt,
        isHeld: true,
        isScheduled: false,
      });
      this.#share.set(socket, face.inFlight);
      if (pausedAt !== null) parts.alarm.resume(pausedAt + viewerPatienceMs);
    }
    this.#wasWatched = this.isWatched;
    this.#wasMetricsWatched = this.areMetricsWatched;
  }

  /** Whether anybody watches this machine. */
  get isWatched(): boolean {
    return [...this.#viewers.values()].some(({ face }) => face.isWatching);
  }

  /** Whether anybody wants to know how the machine and its runs do. */
  get areMetricsWatched(): boolean {
    return [...this.#viewers.values()].some(({ face }) => face.wantsMetrics);
  }

  #tellWatched(): void {
    const { isWatched, areMetricsWatched } = this;
    if (isWatched !== this.#wasWatched) this.#parts.onWatched(isWatched);
    if (areMetricsWatched !== this.#wasMetricsWatched) this.#parts.onMetricsWatched(areMetricsWatched);
    this.#wasWatched = isWatched;
    this.#wasMetricsWatched = areMetricsWatched;
  }

  /** Whether one more viewer fits. */
  get hasRoom(): boolean {
    return this.#viewers.size < maxViewers;
  }

  /** Takes a new viewer's socket. `holder`: in whose name it is open. */
  add(socket: WebSocket, face: ViewerFace, holder: Holder, actor: Actor | null): void {
    this.#parts.context.acceptWebSocket(socket, [viewerTag, ...tagsOf(holder)]);
    const fresh = { typedBytes: 0, acts: 0, pausedAt: null, isHeld: false, isScheduled: false };
    const viewer: Viewer = { face, holder, actor, ...fresh };
    this.#viewers.set(socket, viewer);
    this.#share.set(socket, 0);
    if (face.wantsStatus) this.#say(socket, viewer, JSON.stringify(this.#parts.status()));
    this.#keep(socket, viewer);
    this.#pump(socket);
    this.#tellWatched();
  }

  #keep(socket: WebSocket, { face, pausedAt, actor, typedBytes }: Viewer): void {
    if (!this.#viewers.has(socket)) return;
    this.#share.set(socket, face.inFlight);
    socket.serializeAttachment({ state: face.state, paused_at: pausedAt, actor, typed_bytes: typedBytes });
  }

  /** Sends what is no event, at once and on credit; who lets much of that lie is not reading. */
  #say(socket: WebSocket, { face }: Viewer, text: string): void {
    socket.send(text);
    face.charge(text.length);
    if (face.credit < -maxFrameBytes)
      this.#close(socket, closeCodes.tooSlow, String(face.cursor(this.#parts.log().head)));
  }

  onMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    const viewer = this.#viewers.get(socket);
    if (viewer === undefined) return;
    const { face, holder } = viewer;
    const before = face.inFlight;
    const answer = face.hear(message, this.#parts.log(), holder);
    if (answer.type === "wrong") return this.#close(socket, closeCodes.invalid, answer.reason);
    if (answer.type === "act") return void this.#act(socket, viewer, answer.request);
    const gave = face.inFlight < before;
    if (gave && face.credit > 0) viewer.pausedAt = null;
    for (const text of answer.texts) this.#say(socket, viewer, text);
    this.#keep(socket, viewer);
    this.#pump(socket);
    if (gave) this.#serveHeld();
    this.#tellWatched();
  }

  /** Has it done, and says what became of it. */
  async #act(socket: WebSocket, viewer: Viewer, request: ActRequest): Promise<void> {
    viewer.acts++;
    const acted = await this.#parts.act(request, viewer.actor, viewer.acts);
    viewer.acts--;
    if (request.type === "input" && acted.code === undefined) viewer.typedBytes += inputBytes(request.input);
    if (this.#viewers.get(socket) !== viewer || socket.readyState !== WebSocket.OPEN) return;
    this.#say(socket, viewer, JSON.stringify(acted));
    this.#keep(socket, viewer);
  }

  #close(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason);
    this.forget(socket);
  }

  /** After a viewer's socket was closed, by either end. */
  forget(socket: WebSocket): void {
    // One whose closing woke the object is not known here; as far as the runner was told, it watched.
    if (!this.#viewers.delete(socket)) this.#wasWatched = this.#wasMetricsWatched = true;
    this.#share.delete(socket);
    this.#serveHeld();
    this.#tellWatched();
  }

  /** Sends what the log has for each viewer. Called after each stored batch. */
  serve(): void {
    for (const [socket, { isScheduled }] of this.#viewers) if (!isScheduled) this.#pump(socket);
  }

  /** After something was given back, those that waited for it. */
  #serveHeld(): void {
    for (const [socket, { isHeld }] of this.#viewers) if (isHeld) this.#pump(socket);
  }

  /** To those who want to know, after the runner came or went. */
  tellStatus(): void {
    const text = JSON.stringify(this.#parts.status());
    for (const [socket, viewer] of this.#viewers) {
      if (!viewer.face.wantsStatus || socket.readyState !== WebSocket.OPEN) continue;
      this.#say(socket, viewer, text);
      this.#keep(socket, viewer);
    }
  }

  /** To those who want to know and have room for it; the next one follows soon. */
  tellMetrics(frame: MetricsFrame): void {
    const text = JSON.stringify(frame);
    for (const [socket, viewer] of this.#viewers) {
      const { face } = viewer;
      if (!face.wantsMetrics || face.credit <= 0 || socket.readyState !== WebSocket.OPEN) continue;
      this.#say(socket, viewer, text);
      this.#keep(socket, viewer);
    }
  }

  /** Sends one viewer up to a slice of what it misses, within its credit and its share. */
  #pump(socket: WebSocket): void {
    const viewer = this.#viewers.get(socket);
    const log = this.#parts.log();
    if (viewer === undefined || socket.readyState !== WebSocket.OPEN) return;
    const { face } = viewer;
    const before = face.state;
    const wasPaused = viewer.pausedAt;
    const allowance = this.#share.allowance(socket);
    const sent = sendSlice(socket, face, log, allowance);
    this.#share.set(socket, face.inFlight);
    const isBehind = face.next(log.head) !== null;
    const isSpent = face.credit <= 0;
    viewer.isHeld = isBehind && !isSpent && sent >= allowance;
    const isAtFault = isBehind && (isSpent || (viewer.isHeld && this.#share.holdsItsGuarantee(socket)));
    viewer.pausedAt = isAtFault ? (viewer.pausedAt ?? Date.now()) : null;
    if (face.state !== before || viewer.pausedAt !== wasPaused) this.#keep(socket, viewer);
    if (viewer.pausedAt !== null) this.#parts.alarm.wakeAt(viewer.pausedAt + viewerPatienceMs);
    else if (isBehind && !viewer.isHeld) this.#schedule(socket, viewer);
  }

  #schedule(socket: WebSocket, viewer: Viewer): void {
    if (viewer.isScheduled) return;
    viewer.isScheduled = true;
    setTimeout(() => {
      viewer.isScheduled = false;
      this.#pump(socket);
    }, 0);
  }

  /** Closes viewers that gave no room for too long. Called by the alarm. */
  closeStalled(now: number): void {
    const { head } = this.#parts.log();
    for (const [socket, { face, pausedAt }] of this.#viewers) {
      if (pausedAt === null) continue;
      if (pausedAt + viewerPatienceMs <= now) this.#close(socket, closeCodes.tooSlow, String(face.cursor(head)));
      else this.#parts.alarm.wakeAt(pausedAt + viewerPatienceMs);
    }
  }
}

/** What an audit says of a viewer that leaves; null where it is nobody's. */
export interface ViewerSession {
  readonly actor: Actor;
  /** By which subprotocol it spoke. */
  readonly protocol: string;
  /** How much it gave to runs. */
  readonly typedBytes: number;
}

export function sessionOf(socket: WebSocket): ViewerSession | null {
  const kept = attachmentSchema.safeParse(socket.deserializeAttachment());
  if (!kept.success || kept.data.actor === null) return null;
  return { actor: kept.data.actor, protocol: kept.data.state.type, typedBytes: kept.data.typed_bytes };
}

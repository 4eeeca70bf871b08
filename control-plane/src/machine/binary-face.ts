// A viewer of `longwire.viewer.v1`: subscriptions that take turns on one credit, events in binary frames.

import * as z from "zod";
import type { ExpiredFrame } from "@longwire/shared/expired-frame.ts";
import { maxSubscriptions } from "@longwire/shared/limits.ts";
import { SkippedOutput } from "@longwire/shared/skipped-output.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import { viewerSubprotocol, type ControlFrame } from "@longwire/shared/viewer-frame.ts";
import { filterOf, readViewerRequest, type SubscribeRequest } from "@longwire/shared/viewer-request.ts";
import {
  addSubscription,
  freshViewer,
  giveCredit,
  removeSubscription,
  takeCredit,
  viewerStateSchema,
  type Subscription,
} from "@longwire/shared/viewer-state.ts";
import { messageMatrix } from "../access/matrix.ts";
import { authorise } from "../access/needs.ts";
import type { Holder } from "../sockets/holder.ts";
import type { Log } from "./log.ts";
import { findBeginning } from "./find-beginning.ts";
import type { StoredBatch } from "./stored-batch.ts";
import type { Answer, Reading, ViewerFace } from "./viewer-face.ts";

export const binaryStateSchema = viewerStateSchema.extend({ type: z.literal("binary") });
type BinaryState = z.infer<typeof binaryStateSchema>;

const say = (frame: ControlFrame): string => JSON.stringify(frame);

export class BinaryFace implements ViewerFace {
  readonly wantsStatus = true;
  #state: BinaryState;
  /** Of the subscriptions that want the latest, in this turn of sending. */
  readonly #skipped = new Map<number, SkippedOutput>();

  constructor(state: BinaryState = { type: "binary", ...freshViewer }) {
    this.#state = state;
  }

  get state(): BinaryState {
    return this.#state;
  }

  get credit(): number {
    return this.#state.credit;
  }

  get inFlight(): number {
    return this.#state.in_flight;
  }

  get wantsMetrics(): boolean {
    return this.#state.wants_metrics;
  }

  get isWatching(): boolean {
    return this.#state.watching;
  }

  cursor(head: number): number {
    return Math.min(head, ...this.#state.subscriptions.map(({ cursor }) => cursor));
  }

  next(head: number): Subscription | null {
    return this.#state.subscriptions.find(({ cursor }) => cursor < head) ?? null;
  }

  read(subscription: Subscription, batch: StoredBatch, from: number, budget: number): Reading {
    const { id, mode } = subscription;
    const skipped = mode === "latest" ? this.#skippedOf(id) : undefined;
    const { frame, seq } = batch.frameFrom(from, subscription, budget, skipped);
    if (frame === null) return { messages: [], bytes: 0, seq };
    const report = skipped?.report(id) ?? null;
    if (report === null) return { messages: [frame], bytes: frame.byteLength, seq };
    const text = say(report);
    return { messages: [text, frame], bytes: text.length + frame.byteLength, seq };
  }

  #skippedOf(id: number): SkippedOutput {
    const known = this.#skipped.get(id);
    if (known !== undefined) return known;
    const skipped = new SkippedOutput(this.credit);
    this.#skipped.set(id, skipped);
    return skipped;
  }

  settle(): readonly string[] {
    const reports = [...this.#skipped].flatMap(([id, skipped]) => skipped.report(id) ?? []);
    this.#skipped.clear();
    return reports.map(say);
  }

  expired(subscription: Subscription, gone: ExpiredFrame): string {
    return say({ ...gone, subscription: subscription.id });
  }

  noteSent(subscription: Subscription, seq: number, bytes: number): void {
    const moved = addSubscription(this.#state, { ...subscription, cursor: seq }) ?? this.#state;
    this.#state = { type: "binary", ...takeCredit(moved, bytes) };
  }

  charge(bytes: number): void {
    this.#state = { type: "binary", ...takeCredit(this.#state, bytes) };
  }

  hear(message: ArrayBuffer | string, log: Log, { scopes }: Holder): Answer {
    if (typeof message !== "string") return { type: "wrong", reason: "send text" };
    const request = readViewerRequest(message);
    const needs = request.type === "wrong" ? [] : messageMatrix[viewerSubprotocol][request.type];
    const allowed = authorise({ kind: "operator", scopes }, ...needs);
    if (!allowed.ok) {
      const { code, detail } = allowed.refusal;
      return "n" in request
        ? { type: "answers", texts: [say({ type: "acted", n: request.n, code, detail })] }
        : { type: "wrong", reason: detail };
    }
    switch (request.type) {
      case "wrong":
        return request;
      case "subscribe":
        return { type: "answers", texts: [say(this.#subscribe(request, log))] };
      case "unsubscribe":
        this.#state = { type: "binary", ...removeSubscription(this.#state, request.id) };
        break;
      case "credit":
        this.#state = { type: "binary", ...giveCredit(this.#state, request.bytes) };
        break;
      case "attention":
        this.#state = { ...this.#state, watching: request.watching };
        break;
      case "metrics":
        this.#state = { ...this.#state, wants_metrics: request.wanted };
        break;
      case "input":
      case "resize":
      case "interrupt":
        return { type: "act", request };
      default:
        return unreachable(request);
    }
    return { type: "answers", texts: [] };
  }

  #subscribe(request: SubscribeRequest, log: Log): ControlFrame {
    const { id, mode } = request;
    const { head, earliest } = log;
    const begin = findBeginning(request, log);
    if (!begin.ok) return { type: "refused", id, code: begin.refusal.code, detail: begin.refusal.detail };
    const added = addSubscription(this.#state, { id, cursor: begin.value, filter: filterOf(request), mode });
    if (added === null) {
      const detail = `A socket holds ${maxSubscriptions} subscriptions: end one, or open another socket.`;
      return { type: "refused", id, code: "limit_reached", detail };
    }
    this.#state = { type: "binary", ...added };
    return { type: "subscribed", id, head, earliest };
  }
}

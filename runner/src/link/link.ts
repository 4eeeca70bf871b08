// The link to the control plane: says hello, sends what the spools hold, trims what is acknowledged, hands commands
// over. All it knows of delivery it learns from `welcome`, so a crash of either side needs no memory here.

import { randomUUID } from "node:crypto";
import type { ChainHead } from "@longwire/shared/audit/entry.ts";
import type { SpoolId } from "@longwire/shared/ids.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import { maxFrameBytes } from "@longwire/shared/limits.ts";
import { pingText, pongText } from "@longwire/shared/ping.ts";
import { linkProtocol, type Hello, type ObjectFrame, type Welcome } from "@longwire/shared/wire/link.ts";
import type { DirectedFrame } from "@longwire/shared/wire/direct.ts";
import { type RunnerAnswer, watchedSamplesId } from "@longwire/shared/wire/questions.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { MachineSide } from "../supervise/followed-spool.ts";
import { isFor } from "./is-for.ts";
import { buildBatch, takeTurns, type SpoolNews } from "./batch-frame.ts";
import { dial, type Dialled } from "./dial.ts";
import { flushDelayMs, nothingPending, notePending, type Pending } from "./flush-policy.ts";
import { freshTimes, judgeLiveness, lookEveryMs, type LinkTimes } from "./liveness.ts";
import type { LastSeq } from "./last-seq.ts";
import { MetricsWatch } from "./metrics-watch.ts";
import { Outbox, smallBytes, type BatchFrame } from "./outbox.ts";
import { readFrame } from "./read-frame.ts";
import { refusePart } from "./refuse-part.ts";

/** What the runner says of itself; the rest is added at each hello. */
export type Introduction = Omit<Hello, "type" | "protocol" | "boot" | "last_seq" | "spools" | "runs">;

export interface LinkOptions {
  readonly url: string;
  readonly token: string;
  readonly machineId: string;
  readonly introduction: Introduction;
  readonly machine: MachineSide;
  readonly lastSeq: Pick<LastSeq, "value" | "note">;
  readonly onUp: () => void;
  readonly onDown: (reason: string, final: boolean, code: number) => void;
  readonly log: (text: string) => void;
}

export class Link {
  readonly #options: LinkOptions;
  readonly #boot = randomUUID();
  #introduction: Introduction;
  readonly #dialled: Dialled;
  readonly #timer: NodeJS.Timeout;
  #isOpen = false;
  #isClosed = false;
  /** Null until the control plane said where the spools stand. */
  #outbox: Outbox | null = null;
  /** Object time minus this process's monotonic time, in milliseconds. */
  #clockOffset = 0;
  #times: LinkTimes = freshTimes(performance.now(), Date.now());
  readonly #gone = new Set<SpoolId>();
  /** Whether somebody watches this machine. */
  #attended = true;
  #pending: Pending = nothingPending;
  #flushTimer: NodeJS.Timeout | null = null;
  #onIdle: (() => void) | null = null;
  readonly #metrics = new MetricsWatch(() =>
    this.#tell(this.#options.machine.answer({ type: "sample", id: watchedSamplesId, all_ports: false })),
  );

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#introduction = options.introduction;
    const { machine } = options;
    machine.onAppend = (bytes) => {
      this.#pending = notePending(this.#pending, bytes, performance.now());
      // While the way is full, only a small batch may leave, so that a large piece waits for an acknowledgement.
      if (bytes <= smallBytes || bytes === Infinity || this.#outbox?.hasRoom === true) this.#pump();
    };
    machine.onGone = (spool) => this.#forget(spool);
    this.#dialled = dial({
      url: options.url,
      token: options.token,
      onOpen: () => this.#sayHello(),
      onText: (text) => this.#onText(text),
      onDown: ({ code, reason, final }) => {
        if (this.#outbox !== null) options.machine.audit.disconnected(options.url, `${code} ${reason}`.trim());
        this.#isOpen = false;
        this.#outbox = null;
        this.#metrics.set(false);
        if (!this.#isClosed) options.onDown(reason === "" ? `the connection broke (${code})` : reason, final, code);
      },
    });
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  #sayHello(): void {
    const { machine, lastSeq } = this.#options;
    const spools = [...machine.spools()].map(({ id, reader, process, run }) => {
      return { id, first: reader.first, next: reader.next, process, run };
    });
    const runs = machine.liveRuns().map(({ process, run }) => ({ process, run }));
    // The welcome is waited for like a pong.
    this.#times = { ...freshTimes(performance.now(), Date.now()), awaitingPongSince: performance.now() };
    this.#isOpen = true;
    const own = { boot: this.#boot, last_seq: lastSeq.value };
    const hello: Hello = { type: "hello", protocol: linkProtocol, ...own, ...this.#introduction, spools, runs };
    this.#dialled.send(JSON.stringify(hello));
  }

  #onText(text: string): void {
    if (text === pongText) {
      this.#times = { ...this.#times, awaitingPongSince: null };
      return;
    }
    const { frame, refused, ignored } = readFrame(text);
    const { audit } = this.#options.machine;
    for (const part of refused) refusePart(part, this.#options);
    if (frame === null) return;
    if (ignored.length > 0) audit.ignoredFields(frame.type, ignored);
    this.#onFrame(frame);
  }

  #onFrame(frame: ObjectFrame): void {
    switch (frame.type) {
      case "welcome":
        return this.#onWelcome(frame);
      case "ack":
        this.#outbox?.noteAck(frame.batch, frame.positions, performance.now());
        this.#options.lastSeq.note(frame.head);
        this.#noteProgress();
        for (const [spool, next] of Object.entries(frame.positions)) {
          this.#options.machine.acknowledged(spool as SpoolId, next);
        }
        return this.#pump();
      case "rewind":
        if (this.#outbox?.rewind(frame.batch, frame.positions) === true) this.#pump();
        return;
      case "command":
        return this.#dispatch(frame.command, frame.audit);
      case "sample":
      case "await_port":
      case "list_approvals":
        return void this.#tell(this.#options.machine.answer(frame));
      case "direct":
        return void this.#tell(this.#options.machine.direct(frame));
      case "watch_metrics":
        return this.#metrics.set(frame.watched);
      case "watch_output":
        return this.#options.machine.watchOutput(frame.watches);
      case "attention":
        this.#attended = frame.attended;
        return this.#pump();
      default:
        return unreachable(frame);
    }
  }

  /** Says what the machine answers, if the control plane still listens then. */
  async #tell(answer: Promise<RunnerAnswer | DirectedFrame>): Promise<void> {
    try {
      const frame = await answer;
      if (this.#isOpen) this.#dialled.send(JSON.stringify(frame));
    } catch (error) {
      this.#options.log(`what the control plane asked could not be answered: ${String(error)}`);
    }
  }

  #onWelcome(welcome: Welcome): void {
    const { machine, lastSeq } = this.#options;
    lastSeq.note(welcome.head);
    this.#clockOffset = welcome.now - performance.now();
    this.#times = { ...this.#times, awaitingPongSince: null };
    this.#attended = welcome.attended;
    this.#metrics.set(welcome.metrics_watched === true);
    this.#outbox = new Outbox(welcome.positions, welcome.window_bytes);
    for (const [spool, next] of Object.entries(welcome.positions)) machine.acknowledged(spool as SpoolId, next);
    for (const spool of this.#gone) this.#forget(spool);
    machine.askedAfter(welcome.unnamed_runs ?? []);
    machine.watchOutput(welcome.watches ?? [], welcome.positions);
    machine.audit.connected(this.#options.url, welcome.audit);
    for (const command of welcome.commands) this.#dispatch(command, welcome.audit);
    this.#options.onUp();
    this.#pump();
  }

  #dispatch(command: Command, told: ChainHead | undefined): void {
    const { machine, machineId, log } = this.#options;
    if (!isFor(command, machineId)) {
      const why = "it is for another machine";
      if (machine.audit.refusedMessage("command", why, command.id))
        log("a command for another machine came and is ignored");
      return;
    }
    machine.dispatch(command, this.#clockOffset + performance.now() > command.expires_at, told);
  }

  /** Sends as many batches as may be on their way, or waits until they are due. */
  #pump(): void {
    const outbox = this.#outbox;
    if (outbox === null) return;
    const waitMs = flushDelayMs(this.#pending, this.#attended, performance.now());
    if (waitMs > 0) {
      this.#flushTimer ??= setTimeout(() => {
        this.#flushTimer = null;
        this.#pump();
      }, waitMs);
      return;
    }
    if (!outbox.hasRoomForSmall) return;
    do {
      const batch = this.#nextBatch(outbox);
      if (batch === null) {
        if (outbox.inFlightBytes === 0) this.#onIdle?.();
        return;
      }
      if (!this.#dialled.send(batch.frame)) return;
      outbox.noteSent(batch, performance.now());
      this.#pending = nothingPending;
      if (this.#times.awaitingAckSince === null) this.#noteProgress();
    } while (outbox.hasRoom);
  }

  #nextBatch(outbox: Outbox): BatchFrame | null {
    const { nextBatch, hasRoom, roomBytes, memory } = outbox;
    const allocate = (bytes: number): Uint8Array<ArrayBuffer> => memory.take(bytes);
    const news = this.#news(outbox);
    if (hasRoom) return buildBatch(nextBatch, news, roomBytes, maxFrameBytes, allocate);
    // While the way is full, a line of what keeps up need not wait behind what does not.
    const keepingUp = news.filter(({ id }) => outbox.keepsUp(id));
    return buildBatch(nextBatch, keepingUp, smallBytes, smallBytes, allocate);
  }

  /** Spools with something to send. The runner's own come last: an outcome follows the facts it sums up. */
  #news(outbox: Outbox): SpoolNews[] {
    const runs: SpoolNews[] = [];
    const own: SpoolNews[] = [];
    for (const { id, reader, kind } of this.#options.machine.spools()) {
      const from = outbox.positionOf(id);
      if (from.next >= reader.next) continue;
      // Its files went after the hello that named them, as where a log was restored. Another one says what is left.
      if (from.next < reader.first) {
        this.#dialled.redial("a spool cannot go on where it stands");
        return [];
      }
      (kind === "run" ? runs : own).push({ id, reader, from });
    }
    return [...takeTurns(runs, outbox.nextBatch), ...own];
  }

  /** An acknowledgement came, or the first batch since all were acknowledged left. */
  #noteProgress(): void {
    const waits = (this.#outbox?.inFlightBytes ?? 0) > 0;
    this.#times = { ...this.#times, awaitingAckSince: waits ? performance.now() : null };
  }

  #forget(spool: SpoolId): void {
    this.#outbox?.forget(spool);
    const isSent = this.#outbox !== null && this.#dialled.send(JSON.stringify({ type: "forget", spools: [spool] }));
    if (isSent) this.#gone.delete(spool);
    else this.#gone.add(spool);
  }

  #look(): void {
    const now = performance.now();
    const wall = Date.now();
    const verdict = judgeLiveness(this.#times, now, wall);
    this.#times = { ...this.#times, lastLookAt: now, lastLookWall: wall };
    if (!this.#isOpen || verdict.type === "fine") return;
    if (verdict.type === "ping") {
      this.#dialled.send(pingText);
      this.#times = { ...this.#times, lastPingAt: now, awaitingPongSince: now };
      return;
    }
    this.#dialled.redial(verdict.reason);
  }

  /** Tells the owner's new policy, now or when it dials the next time. */
  tellPolicy(view: Pick<Introduction, "policy_mode" | "policy_digest" | "commands">): void {
    this.#introduction = { ...this.#introduction, ...view };
    if (this.#isOpen) this.#dialled.send(JSON.stringify({ type: "policy", ...view }));
  }

  /** Resolves once all there is to read is acknowledged, or after `waitMs`. */
  async drain(waitMs: number): Promise<void> {
    const drained = Promise.withResolvers<void>();
    this.#onIdle = drained.resolve;
    this.#attended = true;
    const timer = setTimeout(drained.resolve, waitMs);
    this.#pump();
    await drained.promise;
    clearTimeout(timer);
  }

  /** Hangs up for good. Nothing that runs is touched. */
  close(): void {
    clearInterval(this.#timer);
    this.#metrics.set(false);
    clearTimeout(this.#flushTimer ?? undefined);
    this.#isClosed = true;
    this.#isOpen = false;
    this.#outbox = null;
    this.#dialled.close();
  }
}

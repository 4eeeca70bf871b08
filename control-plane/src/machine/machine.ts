// The object of one machine. It only dispatches: the log, the runner's link, viewers and commands are files of
// their own. All memory here is a cache, and is read anew when a write fails.

import { DurableObject } from "cloudflare:workers";
import type { EventFilter, ProcessQuery, RunsQuery } from "@longwire/shared/api/requests.ts";
import type { Machine as MachineView, Process } from "@longwire/shared/api/views.ts";
import { closeCodes } from "@longwire/shared/errors.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import { watchedSamplesId } from "@longwire/shared/wire/questions.ts";
import type { Retention } from "@longwire/shared/retention.ts";
import { presentProcess } from "@longwire/shared/run-view.ts";
import type { ControlFrame } from "@longwire/shared/viewer-frame.ts";
import { pingText, pongText } from "@longwire/shared/ping.ts";
import type { Hello, PolicyFrame } from "@longwire/shared/wire/link.ts";
import type { AuditPage, AuditQuery } from "../audit/chain.ts";
import type { Env } from "../env.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { WebhookOrders } from "../webhooks/orders.ts";
import { actDirectly, type DirectParts } from "./direct.ts";
import { Commands } from "./commands.ts";
import { findRun, type FoundRun, type RunPlace } from "./find-run.ts";
import { Log } from "./log.ts";
import { MachineAudit } from "./machine-audit.ts";
import { isTooLarge } from "./message-size.ts";
import { OneAlarm } from "../one-alarm.ts";
import { machineGone } from "../access/problem.ts";
import { readOpening } from "./opening.ts";
import { presentSamples } from "./present-samples.ts";
import { Profile, type MachineProfile } from "./profile.ts";
import { readEvents, type EventPage } from "./read-events.ts";
import { readOutput, type OutputPage, type OutputPlace } from "./read-output.ts";
import { Questions, type Answered, type Asking } from "./questions.ts";
import { RunnerLink, runnerTag } from "./runner-link.ts";
import { retentionOf } from "./retention-of.ts";
import { createTables } from "./schema.ts";
import { StartQuota } from "./start-quota.ts";
import { submit, type Settled, type Submission } from "./submit.ts";
import { takeSocket } from "./take-socket.ts";
import { TokenSockets } from "./token-sockets.ts";
import { sessionOf, Viewers, viewerTag } from "./viewers.ts";
import { Waiting } from "./waiting.ts";
import { WebhookEvents } from "./webhook-events.ts";

export class Machine extends DurableObject<Env> {
  readonly #waiting = new Waiting();
  readonly #questions = new Questions();
  readonly #commands: Commands;
  readonly #audit: MachineAudit;
  readonly #profile: Profile;
  readonly #alarm: OneAlarm;
  readonly #tokenSockets: TokenSockets;
  readonly #starts: StartQuota;
  readonly #viewers: Viewers;
  readonly #link: RunnerLink;
  readonly #webhooks: WebhookEvents;
  readonly #retention: Retention;
  #openLog: Log;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    const { sql } = context.storage;
    createTables(sql);
    this.#retention = retentionOf(env);
    this.#openLog = new Log(context.storage, this.#retention);
    this.#commands = new Commands(sql);
    this.#audit = new MachineAudit(sql);
    this.#profile = new Profile(sql);
    this.#alarm = new OneAlarm(context.storage);
    this.#starts = new StartQuota(sql, env);
    this.#viewers = new Viewers({
      context,
      alarm: this.#alarm,
      log: () => this.#log,
      status: () => this.#status(),
      act: (...asked) => actDirectly(this.#directly, ...asked),
      onWatched: (isWatched) => this.#link.tellAttention(isWatched, Date.now()),
      onMetricsWatched: (isWatched) => this.#link.tellMetricsWatched(isWatched, Date.now()),
    });
    this.#link = new RunnerLink({
      context,
      machineId: () => this.#profile.machineId,
      log: () => this.#log,
      commands: this.#commands,
      audit: this.#audit,
      isWatched: () => this.#viewers.isWatched,
      areMetricsWatched: () => this.#viewers.areMetricsWatched,
      onHello: (hello, replaces) => {
        this.#questions.drop();
        this.#audit.connected(replaces, hello.runner_version, Date.now());
        if (this.#profile.update(hello)) this.#notePolicy(hello);
        this.#webhooks.runnerCame();
        this.#viewers.tellStatus();
      },
      onPolicy: (policy) => {
        if (this.#profile.updatePolicy(policy)) this.#notePolicy(policy);
      },
      onFacts: (...stored) => this.#webhooks.note(...stored),
      onStored: () => {
        this.#tokenSockets.closeEnded(Date.now());
        this.#viewers.serve();
        this.#waiting.look();
        this.#giveEvents();
      },
      watches: () => this.#webhooks.watches,
      onAnswer: (answer) => {
        if (answer.type !== "samples" || answer.id !== watchedSamplesId) return this.#questions.take(answer);
        this.#viewers.tellMetrics(presentSamples(answer));
      },
    });
    const onClosed = (socket: WebSocket): void => {
      if (context.getTags(socket).includes(viewerTag)) this.#viewers.forget(socket);
    };
    this.#tokenSockets = new TokenSockets({ context, alarm: this.#alarm, onClosed });
    this.#webhooks = new WebhookEvents({
      ...{ sql, alarm: this.#alarm, workspaces: env.WORKSPACES, profile: this.#profile },
      runs: () => this.#log.runs,
      isOnline: (now) => this.#link.current(now) !== null,
    });
    context.setWebSocketAutoResponse(new WebSocketRequestResponsePair(pingText, pongText));
  }

  /** Throws where the machine is removed. */
  get #log(): Log {
    if (this.#profile.isThere) return this.#openLog;
    throw new Error(machineGone);
  }

  /** Called once, by enrolling. */
  create(profile: MachineProfile): void {
    this.#profile.create(profile);
    this.#audit.enrolled(profile.machine_id, Date.now());
  }

  #notePolicy({ policy_mode: mode, policy_digest: digest }: PolicyFrame | Hello): void {
    this.#audit.policyLoaded(mode, digest, Date.now());
  }

  /** Entries of the machine's audit, oldest first. */
  readAudit(query: AuditQuery): AuditPage {
    return this.#audit.read(query, Date.now());
  }

  view(): MachineView {
    const now = Date.now();
    const online = this.#link.current(now) !== null;
    const { runs, head } = this.#log;
    return { ...this.#profile.present(online, now), counts: { live: runs.liveCount, total: runs.total }, head };
  }

  get #directly(): DirectParts {
    return {
      find: (process) => this.#log.runs.latest(process),
      ask: (asking) => this.ask(asking),
      onSignal: (...signal) => this.#audit.signalled(...signal, Date.now()),
    };
  }

  #status(): ControlFrame {
    const { online, last_seen_at, head } = this.view();
    return { type: "status", online, last_seen_at, head };
  }

  listProcesses(query: ProcessQuery): { items: Process[]; next_cursor: string | null } {
    return this.#log.runs.list(query);
  }

  /** The process with this id or name in its latest run. */
  findProcess(idOrName: string): Result<Process> {
    const view = this.#log.runs.latest(idOrName);
    if (view !== null) return succeed(presentProcess(view));
    return refuse({ code: "not_found", detail: `This machine has no process ${JSON.stringify(idOrName)}.` });
  }

  /** The runs of the process with this id or name, newest first. */
  listRuns(idOrName: string, query: RunsQuery): Result<{ items: Process[]; next_cursor: string | null }> {
    const found = this.findProcess(idOrName);
    return found.ok ? succeed(this.#log.runs.listRuns(processIdSchema.parse(found.value.process_id), query)) : found;
  }

  /** A run with its place in the log; the latest from its beginning on where `from` is null. */
  findRun(idOrName: string, from: RunPlace | null): Result<FoundRun> {
    return findRun(this.#log, idOrName, from);
  }

  /** Ids of the live processes that a part of the command, a tag, or neither selects. */
  selectProcesses(by: { contains?: string | undefined; tag?: string | undefined }): string[] {
    return this.#log.runs.select(by).map((view) => view.process);
  }

  /** `after` absent: from the earliest event there is; `last` absent: up to the head. */
  readEvents(after: number | undefined, limit: number, filter: EventFilter, last?: number): Result<EventPage> {
    return readEvents(this.#log, after, limit, filter, last);
  }

  /** A page of a run's output. */
  readOutput(place: OutputPlace): OutputPage {
    return readOutput(this.#log, place);
  }

  /** Asks the runner for what is told and not stored. */
  ask(inquiry: Asking): Promise<Answered> {
    const socket = this.#link.current(Date.now());
    return this.#questions.ask(inquiry, socket === null ? null : (question) => this.#link.ask(socket, question));
  }

  submit(submission: Submission): Promise<Result<Settled>> {
    if (!this.#profile.isThere) throw new Error(machineGone);
    const machineName = (): string => this.#profile.name;
    const parts = { log: () => this.#log, commands: this.#commands, audit: this.#audit, link: this.#link };
    return submit({ ...parts, waiting: this.#waiting, starts: this.#starts, machineName }, submission);
  }

  /** WebSockets only, for callers the Worker has authorised. */
  override fetch(request: Request): Response {
    const opening = readOpening(request.url);
    const { 0: client, 1: server } = new WebSocketPair();
    const parts = { log: this.#log, link: this.#link, viewers: this.#viewers, audit: this.#audit };
    const problem = takeSocket({ ...parts, tokenSockets: this.#tokenSockets }, server, opening, Date.now());
    if (problem !== null) return problem;
    this.#tokenSockets.opened(opening.holder);
    const headers = { "Sec-WebSocket-Protocol": opening.protocol };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  /** What the workspace's webhooks ask for. */
  setWebhooks(orders: WebhookOrders): void {
    if (!this.#profile.isThere) throw new Error(machineGone);
    if (this.#webhooks.setOrders(orders)) this.#link.tellWatches(Date.now());
  }

  #giveEvents(): void {
    if (this.#webhooks.owes) this.ctx.waitUntil(this.#webhooks.give());
  }

  /** Closes what is open with these tokens, and opens nothing with them any more. */
  revoke(tokens: readonly string[]): void {
    this.#tokenSockets.revoke(tokens, Date.now());
  }

  /** Forgets all: the machine is no more. Who is connected is told that its token is not good any more. */
  async remove(): Promise<void> {
    this.#tokenSockets.closeAll("the machine is removed");
    this.#profile.forget();
    await this.ctx.storage.deleteAll();
  }

  override webSocketMessage(socket: WebSocket, message: ArrayBuffer | string): void {
    try {
      const isViewer = !this.ctx.getTags(socket).includes(runnerTag);
      if (isTooLarge(message, isViewer)) return socket.close(closeCodes.tooLarge, "message too large");
      this.#tokenSockets.closeEnded(Date.now());
      if (isViewer) this.#viewers.onMessage(socket, message);
      else if (typeof message === "string") this.#link.onText(socket, message, Date.now());
      else this.#link.onBatch(socket, message, Date.now());
    } catch (error) {
      // What memory says may be ahead of what was written: read it anew, and let the peer start over.
      console.error("a message could not be handled", error);
      this.#openLog = new Log(this.ctx.storage, this.#retention);
      this.#audit.reread();
      socket.close(closeCodes.tryAgain, "try again");
    }
  }

  override webSocketClose(socket: WebSocket): void {
    // The runtime leaves the answer to the object, and whoever closed waits for it.
    socket.close(closeCodes.normal);
    if (!this.#profile.isThere) return;
    const now = Date.now();
    if (!this.ctx.getTags(socket).includes(runnerTag)) {
      const session = sessionOf(socket);
      if (session !== null) this.#audit.leftViewer(session, now);
      return this.#viewers.forget(socket);
    }
    this.#profile.leave(now);
    if (this.#link.hasLeft(socket, now)) {
      this.#audit.disconnected(now);
      this.#webhooks.runnerLeft(now);
    }
    // Where a newer connection took over, nothing changed for viewers.
    if (this.#link.current(now) !== null) return;
    this.#questions.drop();
    this.#viewers.tellStatus();
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket);
  }

  override alarm(): void {
    if (!this.#profile.isThere) return;
    const now = Date.now();
    this.#alarm.fired();
    this.#tokenSockets.closeEnded(now);
    this.#tokenSockets.wakeAgain();
    this.#viewers.closeStalled(now);
    this.#webhooks.lookAtTime(now);
    this.#giveEvents();
  }
}

// One run as the runner sees it: its spool, the connection to its shim while that lives, and what is owed to the
// control plane after that. A run that was just launched and one that was found on disk go the same way.
//
//   launched ──► connected ⇄ (connection lost: look at the folder) ──► over ──all acknowledged──► drained

import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import type { ProcessState } from "@longwire/shared/process-state.ts";
import type { Fact, RunFact } from "@longwire/shared/wire/facts.ts";
import { isAlive } from "@longwire/shared/node/process-identity.ts";
import { readClaim, takeClaim } from "../shim/claim.ts";
import { maxHintedBytes, type RunPhase, type ShimMessage, type StopResult } from "../shim/control-messages.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import { endBelow, lastFactBelow, tellOwed } from "./damaged-run.ts";
import type { FollowedRunOptions } from "./followed-run-options.ts";
import type { FollowedSpool } from "./followed-spool.ts";
import type { LaunchedShim } from "./launch-shim.ts";
import { sweepRun, tellCancelled, tellLost, tellUnknown } from "./lost-run.ts";
import { Readings } from "./readings.ts";
import { judgeRun } from "./run-verdict.ts";
import { type StopRun, toStopRequest } from "./stop-run.ts";
import { dialShim, type ShimAnswer, ShimConnection, type ShimRequest } from "./shim-connection.ts";

const redialMs = 50;
/** How long a shim whose tree is gone may need for its last word; longer only where the disk takes nothing. */
const lastWordMs = 1000;

export class FollowedRun implements FollowedSpool {
  readonly kind = "run";
  readonly id: SpoolId;
  readonly process: ProcessId;
  readonly run: number;
  readonly spec: RunSpec;
  readonly folder: string;
  readonly reader: SpoolReader;
  readonly #begun = Promise.withResolvers<boolean>();
  readonly #over = Promise.withResolvers<void>();
  /** Resolves when the run's first process was started or could not be. False: the run was cancelled before. */
  readonly begun = this.#begun.promise;
  readonly over = this.#over.promise;
  /** How it ended, once it is over; null where nobody told. */
  end: RunFact | null = null;
  /** Its condition for being ready was met. */
  isReady = false;
  /** Who reads its spool beside the link. */
  readonly readings = new Readings(() => this.#trim());
  readonly #options: FollowedRunOptions;
  readonly #closing = new AbortController();
  #phase: RunPhase = "starting";
  #connection: ShimConnection | null = null;
  #launched: LaunchedShim | null = null;
  #acknowledged = 1;
  #spoolBytes: number | null = null;
  #owed: RunFact | null = null;
  #swept: StopResult = { stopped: true, survivors: [] };
  #isDrained = false;
  #onConnected: () => void = () => {};

  constructor(options: FollowedRunOptions) {
    this.#options = options;
    this.folder = options.folder;
    this.spec = options.spec;
    this.id = options.spec.spool;
    this.process = options.spec.process;
    this.run = options.spec.run;
    this.reader = new SpoolReader(options.folder, () => queueMicrotask(() => this.#onDamaged()));
  }

  /** Whether its shim may still be at work. */
  get isLive(): boolean {
    return this.#phase !== "ended";
  }

  /** Whether more may come of it that is told here. */
  get isFollowed(): boolean {
    return this.isLive && !this.#closing.signal.aborted;
  }

  get state(): ProcessState {
    return this.#phase === "ended" ? "exited" : this.#phase;
  }

  /** Whether anything was told of it. */
  get hasTold(): boolean {
    return this.reader.next > 1;
  }

  /** Follows a shim that was just launched. */
  attachLaunched(shim: LaunchedShim): void {
    this.#launched = shim;
    this.#connect(new ShimConnection(shim.socket, this.#handlers()));
  }

  /** Looks at what became of a run found on disk, or whose connection was lost, and goes on from there. */
  recover(): void {
    this.#recover().catch((error: unknown) => {
      // Its folder is gone or broken: there is nothing left to follow.
      this.#options.log(`${this.process}, run ${this.run}, is given up: ${String(error)}`);
      this.#finish(null);
    });
  }

  async #recover(): Promise<void> {
    const { signal } = this.#closing;
    const { boot, now } = this.#options;
    while (!signal.aborted && this.isLive) {
      const claim = readClaim(this.folder);
      const shimAlive = claim?.by === "shim" && isAlive(claim);
      const verdict = judgeRun({ claimedBy: claim?.by ?? null, shimAlive, lastFact: this.#lastFact(shimAlive) });
      switch (verdict) {
        case "cancel":
          takeClaim(this.folder, "runner");
          continue;
        case "adopt":
          if (await this.#dial()) return;
          await sleep(redialMs);
          continue;
        case "void":
        case "ended":
          return this.#finish(null);
        case "cancelled":
          return this.#finish(tellCancelled(this.spec, boot, now()));
        case "lost":
          if (this.spec.boot === boot) this.#options.tell(tellUnknown(this.spec, now()));
          this.#swept = await sweepRun(this.folder, this.spec, boot);
          return this.#finish(tellLost(this.spec, boot, now()));
      }
    }
  }

  /** Gives up on a shim that does not begin. False: it claimed the run, so that it will say what becomes of it. */
  cancel(): boolean {
    if (!takeClaim(this.folder, "runner")) return false;
    this.#launched?.kill();
    return true;
  }

  /** Ends the run's tree; true in `stopped` only when nobody is left. */
  async stop(request: StopRun): Promise<StopResult> {
    const answer = await this.ask(toStopRequest(request));
    if (answer?.type !== "stop_result") return this.#swept;
    // Who is told that it stopped may begin the next run at once.
    if (answer.result.stopped) await Promise.race([this.over, sleep(lastWordMs, null, { ref: false })]);
    return answer.result;
  }

  /** The shim's answer, asked again over each new connection; null where the run is over. */
  async ask(request: ShimRequest): Promise<ShimAnswer | null> {
    for (;;) {
      const connection = await this.#connected();
      const answer = (await connection?.ask(request)) ?? null;
      if (connection === null || answer !== null) return answer;
    }
  }

  /** What its spool may hold from now on. */
  setSpoolBytes(spoolBytes: number): void {
    if (spoolBytes === (this.#spoolBytes ?? this.spec.spool_bytes)) return;
    this.#spoolBytes = spoolBytes;
    this.#connection?.tell({ type: "quota", spool_bytes: spoolBytes });
  }

  /** The control plane has all records below `next`. */
  acknowledged(next: number): void {
    this.#acknowledged = next;
    if (this.isLive) this.#trim();
    else this.#checkDrained();
  }

  /** Lets go of the run without touching it. */
  close(): void {
    this.#closing.abort();
    this.readings.tellNews();
    this.#connection?.close();
    this.reader.close();
  }

  #handlers(): ConstructorParameters<typeof ShimConnection>[1] {
    return {
      onRecord: (number, bytes) => {
        if (this.reader.damaged) return this.#discard(number + 1);
        if (bytes === null) this.reader.announce(number + 1);
        else this.reader.offer(number, bytes);
        this.#options.onAppend(bytes?.byteLength ?? maxHintedBytes);
        this.readings.tellNews();
      },
      onMessage: (message) => this.#onMessage(message),
      onClosed: () => {
        this.#connection = null;
        if (!this.#closing.signal.aborted && this.isLive) this.recover();
      },
    };
  }

  #connect(connection: ShimConnection): void {
    this.#connection = connection;
    this.#onConnected();
    if (this.#spoolBytes !== null) connection.tell({ type: "quota", spool_bytes: this.#spoolBytes });
    this.#trim();
  }

  #onMessage(message: Exclude<ShimMessage, { id: number }>): void {
    switch (message.type) {
      case "attached":
        this.reader.announce(message.next);
        this.isReady ||= message.ready === true;
        this.#enter(message.phase);
        this.readings.tellNews();
        return this.#options.onAppend(Infinity);
      case "phase":
        return this.#enter(message.phase);
      case "ended":
        this.reader.announce(message.next);
        return this.#finish(null);
    }
  }

  #enter(phase: RunPhase): void {
    if (phase === "ended") return;
    this.#phase = phase;
    if (phase !== "starting") this.#begun.resolve(true);
  }

  async #dial(): Promise<boolean> {
    const socket = await dialShim(this.spec.socket, this.#closing.signal);
    if (socket === null) return false;
    const connection = new ShimConnection(socket, this.#handlers());
    connection.tell({ type: "attach" });
    this.#connect(connection);
    return true;
  }

  /** The connection as soon as there is one; null where the run is over. */
  async #connected(): Promise<ShimConnection | null> {
    while (this.isLive && this.#connection === null) {
      await Promise.race([this.over, new Promise<void>((resolve) => (this.#onConnected = resolve))]);
    }
    return this.isLive ? this.#connection : null;
  }

  /** The type of the last record, once nobody appends any more. */
  #lastFact(shimAlive: boolean): Fact["type"] | null {
    if (shimAlive) return null;
    this.reader.seal();
    return lastFactBelow(this.folder, Infinity)?.type ?? null;
  }

  #finish(owed: RunFact | null): void {
    if (!this.isLive) return;
    this.#phase = "ended";
    this.#owed = owed;
    this.end = owed ?? endBelow(this.folder, this.reader.next);
    this.#begun.resolve(owed?.type !== "failed" && this.hasTold);
    this.#over.resolve();
    this.readings.tellNews();
    this.#connection?.close();
    this.#options.onAppend(Infinity);
    this.#checkDrained();
  }

  #trim(): void {
    const below = Math.min(this.#acknowledged, this.readings.lowest);
    if (this.#connection === null || !this.reader.canTrim(below)) return;
    this.#connection.tell({ type: "trim", below });
    this.reader.forgetBelow(below);
  }

  #onDamaged(): void {
    const { next } = this.reader;
    this.#options.log(
      `What ${this.process}, run ${this.run}, told from record ${next} on cannot be read and is dropped.`,
    );
    if (!this.isLive) this.#checkDrained();
  }

  /** Nobody will read the records below `below`: the shim need not keep them, nor slow its child for them. */
  #discard(below: number): void {
    // What comes before the damage is delivered first.
    if (this.#acknowledged < this.reader.next) return;
    this.#connection?.tell({ type: "trim", below });
  }

  #checkDrained(): void {
    this.reader.trim(Math.min(this.#acknowledged, this.readings.lowest));
    if (this.#isDrained || this.#acknowledged < this.reader.next) return;
    this.#isDrained = true;
    this.reader.close();
    const { boot, now } = this.#options;
    this.#options.onDrained(this, tellOwed(this, this.#owed, boot, now()));
  }
}

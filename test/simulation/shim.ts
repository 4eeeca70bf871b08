// A shim and its child, played: real records in a real spool, a real claim, and a child that prints what the ledger
// says until its code. What the platform does in a shim (pipes, signals, trees) is not here.

import { takeClaim } from "@longwire/runner/src/shim/claim.ts";
import type { RunPhase, RunnerMessage } from "@longwire/runner/src/shim/control-messages.ts";
import { maxHintedBytes } from "@longwire/runner/src/shim/control-messages.ts";
import { OutputCutter } from "@longwire/runner/src/shim/output-cutter.ts";
import { readRunSpec, type RunSpec } from "@longwire/runner/src/shim/run-spec.ts";
import { writeShimStatus } from "@longwire/runner/src/shim/shim-status.ts";
import { Recorder } from "@longwire/runner/src/spool/recorder.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import { clock, type Owner } from "./platform/clock.ts";
import { ownIdentity } from "./platform/processes.ts";
import { between, chance, randomPiece, whole } from "./platform/random.ts";
import { joinPipe, type RunnerEnd, type ShimEnd } from "./platform/shim-pipes.ts";
import type { Ledger } from "./ledger.ts";

/** How long a child may print. */
const maxLifeMs = 25_000;
/** One print of a flood; the next comes a millisecond later. */
const floodBytes = 12_000;

export class Shim {
  readonly owner: Owner;
  readonly #folder: string;
  readonly #ledger: Ledger;
  #ends: ShimEnd[] = [];
  #phase: RunPhase = "starting";
  #recorder: Recorder | null = null;
  #spec: RunSpec | null = null;
  #offset = 0;
  #endsAt = 0;
  /** So many of the next prints are a flood. */
  floods = 0;
  readonly #cutter = new OutputCutter();

  /** `startMs`: how long it takes until it claims the run and spawns. */
  constructor(owner: Owner, folder: string, ledger: Ledger, startMs: number) {
    this.owner = owner;
    this.#folder = folder;
    this.#ledger = ledger;
    const announceMs = between(0, startMs);
    this.#beginAfter(announceMs, () => {
      this.#announce();
      this.#beginAfter(startMs - announceMs, () => this.#spawn());
    });
  }

  #beginAfter(ms: number, begin: () => void): void {
    clock.after(this.owner, ms, () => {
      try {
        begin();
      } catch {
        // A disk without room takes no claim, and a shim that cannot claim ends.
        this.kill();
      }
    });
  }

  /** The runner's end of a new connection; null while nobody listens. */
  connect(runner: Owner, isInherited: boolean): RunnerEnd | null {
    if (!this.owner.isAlive || (!isInherited && this.#phase === "starting")) return null;
    const { shimEnd, runnerEnd } = joinPipe(this.owner, runner);
    shimEnd.onMessage = (message) => this.#heed(shimEnd, message);
    shimEnd.onClose = () => (this.#ends = this.#ends.filter((end) => end !== shimEnd));
    this.#ends.push(shimEnd);
    return runnerEnd;
  }

  /** Where it listens; null before it began. */
  get path(): string | null {
    return this.#spec?.socket ?? null;
  }

  /** The runner of these connections is no more. */
  loseRunner(runner: Owner): void {
    this.#ends = this.#ends.filter((end) => end.other?.owner !== runner);
  }

  /** Dies where it stands, its child with it. */
  kill(): void {
    if (!this.owner.isAlive) return;
    if (this.#spec !== null) this.#ledger.noteKilled(this.#spec);
    this.#leave();
  }

  #leave(): void {
    this.owner.isAlive = false;
    for (const end of this.#ends) end.close();
  }

  /** Says that it begins. A runner that finds the folder now may still cancel the run. */
  #announce(): void {
    const spec = readRunSpec(this.#folder);
    if (spec === null) return this.#leave();
    this.#spec = spec;
    this.#recorder = new Recorder({
      folder: this.#folder,
      segmentBytes: spec.segment_bytes,
      maxBytes: spec.spool_bytes,
      overflows: spec.label.tty,
      onAppended: ({ number, length, pieces }) => {
        const bytes = length <= maxHintedBytes ? Buffer.concat(pieces) : null;
        for (const end of this.#ends) end.send({ type: "hint", number, bytes });
      },
      onRoom: () => {},
    });
    this.#recorder.record({ type: "starting", ...this.#of(), label: spec.label, command_id: spec.command_id });
  }

  #spawn(): void {
    const spec = this.#spec;
    if (spec === null || this.#recorder === null) return;
    if (!takeClaim(this.#folder, "shim")) return this.#leave();
    this.#ledger.noteSpawn(spec);
    this.#recorder.record({ type: "started", ...this.#of(), pid: 1000 + this.#ledger.spawns });
    writeShimStatus(this.#folder, { shim: ownIdentity(), child: null, marker: spec.marker });
    this.#enter("running");
    this.#endsAt = clock.now + between(100, maxLifeMs);
    this.#print();
  }

  #print(): void {
    if (this.#phase !== "running") return;
    if (clock.now > this.#endsAt) return this.#end("exit");
    const isFlood = this.floods-- > 0;
    if (this.#recorder?.isFull !== true) {
      const size = isFlood
        ? floodBytes
        : chance(0.02)
          ? whole(20_000, 70_000)
          : chance(0.2)
            ? whole(500, 4000)
            : whole(1, 120);
      for (const piece of this.#cutter.cut(randomPiece(size))) this.#output(piece);
    }
    const pauseMs = isFlood ? 1 : chance(0.7) ? between(0, 20) : between(20, 1500);
    clock.after(this.owner, pauseMs, () => this.#print());
  }

  #output(piece: Buffer): void {
    const spec = this.#spec;
    if (spec === null || piece.byteLength === 0) return;
    const size = piece.byteLength;
    const stream = spec.label.tty ? "tty" : "stdout";
    this.#ledger.notePrinted(spec, piece);
    const fact = { type: "output", ...this.#of(), stream, offset: this.#offset, size } as const;
    this.#recorder?.record(fact, piece);
    this.#offset += size;
  }

  #of() {
    const { process, run } = this.#spec as RunSpec;
    return { at: Date.now(), process, run };
  }

  #enter(phase: RunPhase): void {
    this.#phase = phase;
    const next = this.#recorder?.next ?? 1;
    for (const end of this.#ends) end.send(phase === "ended" ? { type: "ended", next } : { type: "phase", phase });
  }

  #end(reason: EndReason): void {
    const spec = this.#spec;
    const recorder = this.#recorder;
    if (spec === null || recorder === null) return;
    this.#output(this.#cutter.finish());
    const returncode = whole(0, 3);
    this.#ledger.noteEnd(spec, returncode);
    recorder.record({ type: "exited", ...this.#of(), returncode, signal: null, reason });
    this.#phase = "stopping";
    void recorder.stored().then(() => {
      this.#enter("ended");
      recorder.close();
      clock.after(this.owner, 5, () => this.#leave());
    });
  }

  #heed(end: ShimEnd, message: RunnerMessage): void {
    switch (message.type) {
      case "attach":
        return end.send({ type: "attached", phase: this.#phase, next: this.#recorder?.next ?? 1 });
      case "trim":
        return this.#recorder?.trim(message.below);
      case "quota":
        return this.#recorder?.setMaxBytes(message.spool_bytes);
      case "stop":
        if (this.#phase === "running") this.#end("stopped");
        return end.send({ type: "stop_result", id: message.id, result: { stopped: true, survivors: [] } });
      case "signal":
        return end.send({ type: "signal_result", id: message.id, delivered: this.#phase === "running" });
      // What follows is not asked for here, and changes nothing that a spool or the link could lose.
      case "ready":
        return end.send({ type: "ready_result", id: message.id });
      case "input":
      case "resize":
      case "pause":
      case "resume":
        return end.send({ type: "act_result", id: message.id, result: { done: false, why: "ended" } });
    }
  }
}

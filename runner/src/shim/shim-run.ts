// One run, from its first record to its last. Holds the child, its output and its tree; what may happen when is here,
// how it is done is in the files around.
//
//   starting ──► running ⇄ paused ──stop, lease──► stopping ──tree gone, output ended──► ended
//      │            └────┬────┘                                                           ▲
//      │                 └──root ended──► (leftovers: stopping) ──────────────────────────┤
//      └──spawn failed────────────────────────────────────────────────────────────────────┘

import { setTimeout as sleep } from "node:timers/promises";
import type { CommandId } from "@longwire/shared/ids.ts";
import { defaultGraceMs, drainMs } from "@longwire/shared/limits.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import { limitReasons } from "@longwire/shared/limit-reasons.ts";
import type { SignalName } from "@longwire/shared/signals.ts";
import { endTree, ProcessTree } from "../processes/end-tree.ts";
import { type ProcessIdentity, identify } from "@longwire/shared/node/process-identity.ts";
import { signalGroup, signalProcess } from "../processes/send-signal.ts";
import { freezeTree, wakeTree } from "../processes/freeze-tree.ts";
import type { Redaction } from "../redact/redaction.ts";
import { AskedOnce } from "./asked-once.ts";
import type { ActResult, RunPhase, StopResult } from "./control-messages.ts";
import { drain } from "./drain.ts";
import type { Recorder } from "../spool/recorder.ts";
import { LimitKeeper } from "./limit-keeper.ts";
import type { Exit, Output, RunChild } from "./run-child.ts";
import type { RunSpec } from "./run-spec.ts";
import { spawnChild } from "./spawn-child.ts";

/** What the root left behind may end by itself within this time, as the rest of a pipeline does. */
const leftoverPatienceMs = 200;
const leftoverGraceMs = 2000;

export interface EndRequest {
  readonly reason: EndReason;
  readonly signal: SignalName;
  readonly graceMs: number;
  readonly commandId?: CommandId | undefined;
}

export interface ShimRunOptions {
  readonly folder: string;
  readonly spec: RunSpec;
  readonly recorder: Recorder;
  readonly redaction: Redaction;
  readonly onPhase: (phase: RunPhase) => void;
}

const allGone: StopResult = { stopped: true, survivors: [] };

export class ShimRun {
  readonly #options: ShimRunOptions;
  #phase: RunPhase = "starting";
  #tree: ProcessTree | null = null;
  #child: RunChild | null = null;
  #output: Output | null = null;
  #outputBytes = 0;
  #isDraining = false;
  /** The first cause of the ending. */
  #cause: EndReason | null = null;
  #ending: Promise<StopResult> | null = null;
  #limits: LimitKeeper | null = null;
  #isReady = false;
  readonly #signals = new AskedOnce<boolean>();
  readonly #acts = new AskedOnce<ActResult>();

  constructor(options: ShimRunOptions) {
    this.#options = options;
  }

  /** Whether it was told to be ready. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get phase(): RunPhase {
    return this.#phase;
  }

  /** The first record; it is there before anything is done. */
  announce(): void {
    const { label, shown = label, command_id, restarts } = this.#options.spec;
    const again = restarts === undefined ? {} : { restarts };
    this.#options.recorder.record({ type: "starting", ...this.#of(), label: shown, command_id, ...again });
  }

  /**
   * Starts the first process, and gives it `input`, which is closed then. The identity it got, or null where that
   * failed and the run has ended.
   */
  async spawn(environment: Readonly<Record<string, string>>, input: Buffer | null): Promise<ProcessIdentity | null> {
    const result = await spawnChild(this.#options.folder, this.#options.spec, environment);
    if (result.type === "failed") {
      const detail = this.#options.redaction.text(result.detail);
      this.#options.recorder.record({ reason: "spawn_failed", ...result, ...this.#of(), detail });
      await this.#end();
      return null;
    }
    // On pipes, until its exit is taken note of here, a child that is already gone keeps its pid and start time.
    const { pid } = result.child;
    const root = { pid, started: identify(pid)?.started ?? "" };
    this.#tree = new ProcessTree(root, this.#options.spec.marker, process.pid);
    this.#options.recorder.record({ type: "started", ...this.#of(), pid });
    this.#enter("running");
    this.#limits = this.#keepLimits(this.#tree);
    this.#follow(result.child);
    if (input !== null) this.input(this.#options.spec.command_id, input, true);
    return root;
  }

  /** Ends the run's whole tree. While one ending is under way, a second one joins it. */
  end(request: EndRequest): Promise<StopResult> {
    if (this.#phase === "ended" || this.#tree === null) return Promise.resolve(allGone);
    return (this.#ending ??= this.#endTree(request));
  }

  /** Sends a signal, once for each command. False where no process was left to get it. */
  signal(commandId: CommandId, signal: SignalName, wholeTree: boolean): boolean {
    const tree = this.#tree;
    const root = tree?.root ?? null;
    if (tree === null || root === null || this.#phase === "ended") return false;
    return this.#signals.answer(commandId, () => {
      const members = tree.look();
      const inGroup = members.filter((member) => tree.inGroup(member));
      let delivered = inGroup.length > 0 && signalGroup(root.pid, signal);
      if (delivered) this.#options.recorder.record({ type: "signalled", ...this.#of(), signal, command_id: commandId });
      if (wholeTree) {
        for (const member of members) {
          if (!tree.inGroup(member)) delivered = signalProcess(member, signal) || delivered;
        }
      }
      return delivered;
    });
  }

  /** Gives `bytes` to the child's input, once for each command; done as soon as they wait there, read or not. */
  input(commandId: CommandId, bytes: Buffer, close: boolean): ActResult {
    return this.#acts.answer(commandId, () => {
      if (this.#child === null || this.#phase === "ended") return { done: false, why: "ended" };
      const offset = this.#outputBytes;
      const verdict = this.#child.input.offer(bytes, close);
      if (verdict !== "taken") return { done: false, why: `input_${verdict}` };
      const fact = { type: "input", ...this.#of(), bytes: bytes.byteLength, closed: close } as const;
      this.#options.recorder.record({ ...fact, command_id: commandId });
      this.#limits?.note(0);
      return { done: true, offset };
    });
  }

  resize(cols: number, rows: number): ActResult {
    if (this.#child === null || this.#phase === "ended") return { done: false, why: "ended" };
    if (this.#child.resize === null) return { done: false, why: "no_terminal" };
    this.#child.resize(cols, rows);
    return { done: true, offset: this.#outputBytes };
  }

  /** Halts the whole tree, or lets it go on. */
  setHalted(commandId: CommandId, halted: boolean): ActResult {
    return this.#acts.answer(commandId, () => {
      const [from, to] = halted ? (["running", "paused"] as const) : (["paused", "running"] as const);
      const done = { done: true, offset: this.#outputBytes } as const;
      if (this.#phase === to) return done;
      if (this.#phase !== from || this.#tree === null) return { done: false, why: "ended" };
      if (halted) freezeTree(this.#tree);
      else wakeTree(this.#tree);
      this.#options.recorder.record({ type: halted ? "paused" : "resumed", ...this.#of(), command_id: commandId });
      this.#enter(to);
      return done;
    });
  }

  /** Records once that the run is ready; nothing follows its end. */
  tellReady(detail: string): void {
    if (this.#isReady || (this.#phase !== "running" && this.#phase !== "paused")) return;
    this.#isReady = true;
    this.#options.recorder.record({ type: "ready", ...this.#of(), detail: this.#options.redaction.text(detail) });
  }

  /** Reads on or stops reading, as there is room for output. */
  heedRoom(): void {
    if (!this.#isDraining) this.#output?.setPaused(this.#options.recorder.isFull);
  }

  #of(): Pick<RunSpec, "process" | "run"> & { at: number } {
    return { at: Date.now(), process: this.#options.spec.process, run: this.#options.spec.run };
  }

  #enter(phase: RunPhase): void {
    this.#phase = phase;
    this.#options.onPhase(phase);
  }

  #follow(child: RunChild): void {
    this.#child = child;
    this.#output = child.follow(this.#options.redaction, (stream, piece) => {
      const size = piece.byteLength;
      this.#options.recorder.record({ type: "output", ...this.#of(), stream, offset: this.#outputBytes, size }, piece);
      this.#outputBytes += size;
      this.#limits?.note(size);
    });
    void child.exit.then((exit) => (this.#ending ??= this.#endLeftovers(exit)));
    this.heedRoom();
  }

  #keepLimits(tree: ProcessTree): LimitKeeper | null {
    const { limits } = this.#options.spec;
    if (limits === undefined) return null;
    return new LimitKeeper({
      limits,
      members: () => tree.look(),
      onReached: (reached) => {
        if (this.#ending !== null) return;
        this.#options.recorder.record({ type: "limit", ...this.#of(), ...reached });
        void this.end({ reason: limitReasons[reached.limit], signal: "SIGINT", graceMs: defaultGraceMs });
      },
    });
  }

  async #endTree(request: EndRequest): Promise<StopResult> {
    const tree = this.#tree;
    if (tree === null) return allGone;
    this.#cause ??= request.reason;
    this.#beginStopping(this.#cause);
    let commandId = request.commandId;
    const survivors = await endTree(tree, {
      signal: request.signal,
      graceMs: request.graceMs,
      onSignal: (signal) => {
        const caused = commandId === undefined ? {} : { command_id: commandId };
        this.#options.recorder.record({ type: "signalled", ...this.#of(), signal, ...caused });
        commandId = undefined;
      },
    });
    const result: StopResult = { stopped: survivors.length === 0, survivors };
    if (survivors.some((one) => one.pid === tree.root?.pid)) {
      // The run goes on; it may be stopped again.
      this.#ending = null;
      return result;
    }
    await this.#finish((await this.#child?.exit) ?? { returncode: null, signal: null });
    return result;
  }

  /** After the root ended by itself: what it left running is ended too. */
  async #endLeftovers(exit: Exit): Promise<StopResult> {
    this.#cause ??= exit.signal === null ? "exit" : "signal";
    const tree = this.#tree;
    if (tree === null || this.#options.spec.keep_background === true || (await this.#waitForLeftovers(tree))) {
      await this.#finish(exit);
      return allGone;
    }
    return this.#endTree({ reason: this.#cause, signal: "SIGTERM", graceMs: leftoverGraceMs });
  }

  async #waitForLeftovers(tree: ProcessTree): Promise<boolean> {
    const until = performance.now() + leftoverPatienceMs;
    while (tree.look().length > 0) {
      if (performance.now() >= until) return false;
      await sleep(10);
    }
    return true;
  }

  #beginStopping(reason: EndReason): void {
    if (this.#phase === "stopping") return;
    this.#options.recorder.record({ type: "stopping", ...this.#of(), reason });
    this.#enter("stopping");
  }

  async #finish(exit: Exit): Promise<void> {
    this.#limits?.close();
    this.#child?.input.close();
    if (this.#output !== null) {
      // What is left is little now, and nobody writes on: it is read whatever room there is.
      this.#isDraining = true;
      this.#output.readRest();
      await drain(this.#output, drainMs);
      this.#output.close();
    }
    const reason = this.#cause ?? "exit";
    this.#options.recorder.record({
      type: "exited",
      ...this.#of(),
      returncode: exit.returncode,
      signal: exit.signal,
      reason,
    });
    // Nothing follows that: from here on nothing is taken any more.
    this.#tree = null;
    this.#child = null;
    // First those who asked for the ending get their answers.
    setImmediate(() => void this.#end());
  }

  async #end(): Promise<void> {
    await this.#options.recorder.stored();
    this.#enter("ended");
  }
}

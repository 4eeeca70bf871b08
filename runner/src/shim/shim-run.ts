// One run, from its first record to its last. Holds the child, its output and its tree; what may happen when is here,
// how it is done is in the files around.
//
//   starting ──► running ──stop, lease──► stopping ──tree gone, output ended──► ended
//      │            └──root ended──► (leftovers: stopping) ──────────────────────▲
//      └──spawn failed──────────────────────────────────────────────────────────┘

import { setTimeout as sleep } from "node:timers/promises";
import type { CommandId } from "@longwire/shared/ids.ts";
import { drainMs } from "@longwire/shared/limits.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import type { SignalName } from "@longwire/shared/signals.ts";
import { endTree, ProcessTree } from "../processes/end-tree.ts";
import { type ProcessIdentity, identify } from "@longwire/shared/node/process-identity.ts";
import { signalGroup, signalProcess } from "../processes/send-signal.ts";
import { Capture } from "./capture.ts";
import type { RunPhase, StopResult } from "./control-messages.ts";
import { drain } from "./drain.ts";
import type { Recorder } from "../spool/recorder.ts";
import type { RunSpec } from "./run-spec.ts";
import { spawnChild, type SpawnResult } from "./spawn-child.ts";

/** What the root left behind may end by itself within this time, as the rest of a pipeline does. */
const leftoverPatienceMs = 200;
const leftoverGraceMs = 2000;

/** How the first process ended. */
interface Exit {
  readonly returncode: number | null;
  readonly signal: string | null;
}

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
  readonly onPhase: (phase: RunPhase) => void;
}

const allGone: StopResult = { stopped: true, survivors: [] };

export class ShimRun {
  readonly #folder: string;
  readonly #spec: RunSpec;
  readonly #recorder: Recorder;
  readonly #onPhase: (phase: RunPhase) => void;
  #phase: RunPhase = "starting";
  #tree: ProcessTree | null = null;
  #capture: Capture | null = null;
  #outputBytes = 0;
  #isDraining = false;
  #exit: Exit | null = null;
  #onExit: (() => void) | null = null;
  /** The first cause of the ending. */
  #cause: EndReason | null = null;
  #ending: Promise<StopResult> | null = null;
  readonly #signalled = new Map<CommandId, boolean>();

  constructor(options: ShimRunOptions) {
    this.#folder = options.folder;
    this.#spec = options.spec;
    this.#recorder = options.recorder;
    this.#onPhase = options.onPhase;
  }

  get phase(): RunPhase {
    return this.#phase;
  }

  /** The first record; it is there before anything is done. */
  announce(): void {
    const { label, command_id } = this.#spec;
    this.#recorder.record({ type: "starting", ...this.#of(), label, command_id });
  }

  /** Starts the first process; the identity it got, or null where that failed and the run has ended. */
  async spawn(environment: Readonly<Record<string, string>>): Promise<ProcessIdentity | null> {
    const result = await spawnChild(this.#folder, this.#spec.label, environment, this.#spec.marker);
    if (result.type === "failed") {
      this.#recorder.record({ type: "failed", ...this.#of(), reason: "spawn_failed", detail: result.detail });
      await this.#end();
      return null;
    }
    // Until its exit is taken note of here, a child that is already gone keeps its pid and start time.
    const root = { pid: result.pid, started: identify(result.pid)?.started ?? "" };
    this.#tree = new ProcessTree(root, this.#spec.marker, process.pid);
    this.#recorder.record({ type: "started", ...this.#of(), pid: root.pid });
    this.#enter("running");
    this.#follow(result);
    return root;
  }

  /** Ends the run's whole tree. While one ending is under way, a second one joins it. */
  end(request: EndRequest): Promise<StopResult> {
    if (this.#phase === "ended" || this.#tree === null) return Promise.resolve(allGone);
    this.#ending ??= this.#endTree(request);
    return this.#ending;
  }

  /** Sends a signal, once for each command. False where no process was left to get it. */
  signal(commandId: CommandId, signal: SignalName, wholeTree: boolean): boolean {
    const tree = this.#tree;
    const root = tree?.root ?? null;
    if (tree === null || root === null || this.#phase === "ended") return false;
    const before = this.#signalled.get(commandId);
    if (before !== undefined) return before;
    const members = tree.look();
    const inGroup = members.filter((member) => tree.inGroup(member));
    let delivered = inGroup.length > 0 && signalGroup(root.pid, signal);
    if (delivered) this.#recorder.record({ type: "signalled", ...this.#of(), signal, command_id: commandId });
    if (wholeTree) {
      for (const member of members) {
        if (!tree.inGroup(member)) delivered = signalProcess(member, signal) || delivered;
      }
    }
    this.#signalled.set(commandId, delivered);
    return delivered;
  }

  /** Reads on or stops reading, as there is room for output. */
  heedRoom(): void {
    if (!this.#isDraining) this.#capture?.setPaused(this.#recorder.isFull);
  }

  #of(): Pick<RunSpec, "process" | "run"> & { at: number } {
    return { at: Date.now(), process: this.#spec.process, run: this.#spec.run };
  }

  #enter(phase: RunPhase): void {
    this.#phase = phase;
    this.#onPhase(phase);
  }

  #follow({ child, stdout, stderr }: Extract<SpawnResult, { type: "spawned" }>): void {
    child.once("exit", (returncode, signal) => {
      this.#exit = { returncode, signal };
      this.#onExit?.();
      this.#ending ??= this.#endLeftovers(this.#exit);
    });
    this.#capture = new Capture(stdout, stderr, (stream, piece) => {
      const size = piece.byteLength;
      this.#recorder.record({ type: "output", ...this.#of(), stream, offset: this.#outputBytes, size }, piece);
      this.#outputBytes += size;
    });
    this.heedRoom();
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
        this.#recorder.record({ type: "signalled", ...this.#of(), signal, ...caused });
        commandId = undefined;
      },
    });
    const result: StopResult = { stopped: survivors.length === 0, survivors };
    if (survivors.some((one) => one.pid === tree.root?.pid)) {
      // The run goes on; it may be stopped again.
      this.#ending = null;
      return result;
    }
    await this.#finish(await this.#waitForExit());
    return result;
  }

  /** After the root ended by itself: what it left running is ended too. */
  async #endLeftovers(exit: Exit): Promise<StopResult> {
    this.#cause ??= exit.signal === null ? "exit" : "signal";
    const tree = this.#tree;
    if (tree === null || (await this.#waitForLeftovers(tree))) {
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
    this.#recorder.record({ type: "stopping", ...this.#of(), reason });
    this.#enter("stopping");
  }

  async #waitForExit(): Promise<Exit> {
    if (this.#exit === null) await new Promise<void>((resolve) => (this.#onExit = resolve));
    return this.#exit ?? { returncode: null, signal: null };
  }

  async #finish(exit: Exit): Promise<void> {
    if (this.#capture !== null) {
      // What is left in the pipes is little now, and nobody writes on: it is read whatever room there is.
      this.#isDraining = true;
      this.#capture.setPaused(false);
      await drain(this.#capture, drainMs);
      this.#capture.close();
    }
    const reason = this.#cause ?? "exit";
    this.#recorder.record({ type: "exited", ...this.#of(), returncode: exit.returncode, signal: exit.signal, reason });
    // First those who asked for the ending get their answers.
    setImmediate(() => void this.#end());
  }

  async #end(): Promise<void> {
    await this.#recorder.stored();
    this.#enter("ended");
  }
}

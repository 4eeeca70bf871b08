// A run as a page shows it: its output as it comes, past what comes too fast, any stretch of it from before, and what is
// typed. All of it over one socket, which is opened again for ever and goes on by its cursor. The socket is the terminal's
// own: credit belongs to a socket, so what one terminal is slow to draw holds no other one up.
//
//   connecting ──► open ──the socket ends──► lost ──back-off──► open

import { backoffMs } from "../src/backoff.ts";
import { closeCodes } from "../src/errors.ts";
import type { ViewerFrame } from "../src/read-viewer-frame.ts";
import { type Act, Acts } from "./acts.ts";
import type { Caller } from "./caller.ts";
import { openOrExplain } from "./follow-events.ts";
import { LongwireError } from "./longwire-error.ts";
import { OutputPlace, type OutputStep } from "./output-place.ts";
import { pause } from "./pause.ts";
import { watchPage } from "./platform.ts";
import { RangeRead } from "./range-read.ts";
import type { ViewerMessage, ViewerSocket } from "./viewer-socket.ts";

export type TerminalConnection = "connecting" | "open" | "lost";

export interface LiveTerminalOptions {
  readonly process: string;
  readonly run: number;
  /** Shows what came; no more than the window is asked for before it resolves. */
  readonly draw: (steps: readonly OutputStep[]) => Promise<void>;
  readonly onConnection: (connection: TerminalConnection) => void;
  /** Some of what is being shown from a place on is gone from the log; whether it is of this run nobody says. */
  readonly onExpired?: () => void;
  /** Trying again does not mend it: the session has ended, or the process is forgotten. */
  readonly onRefused: (error: LongwireError) => void;
}

interface Live {
  readonly id: number;
  readonly place: OutputPlace;
  /** The last seq it has; null where it has none. */
  seq: number | null;
}

/** What may be on its way and not drawn. A terminal draws this in a few tens of milliseconds. */
const windowBytes = 256 * 1024;
/** A stretch of which nothing comes for so long is gone. */
const silenceMs = 10_000;

export class LiveTerminal {
  readonly #caller: Caller;
  readonly #options: LiveTerminalOptions;
  readonly #closing = new AbortController();
  readonly #reads = new Map<number, RangeRead>();
  #live: Live | null = null;
  #lastId = 0;
  #socket: ViewerSocket | null = null;
  #acts: Acts | null = null;
  #hurry = new AbortController();
  #drawing: Promise<void> = Promise.resolve();

  constructor(caller: Caller, options: LiveTerminalOptions) {
    this.#caller = caller;
    this.#options = options;
    void this.#run();
  }

  /** Shows output from `offset` on as it comes. `isExact`: the screen has all up to there, so that a hole is to be told. */
  follow(offset: number, isExact: boolean): void {
    this.unfollow();
    const { process, run } = this.#options;
    this.#live = { id: ++this.#lastId, place: new OutputPlace(process, run, offset, isExact), seq: null };
    if (this.#socket !== null) this.#subscribe(this.#socket, this.#live);
  }

  unfollow(): void {
    if (this.#live !== null) this.#socket?.say({ type: "unsubscribe", id: this.#live.id });
    this.#live = null;
  }

  /** A stretch of the output, which must have been printed by now; what is gone of it as holes. */
  async read(from: number, to: number): Promise<readonly OutputStep[]> {
    const { process, run } = this.#options;
    const id = ++this.#lastId;
    const read = new RangeRead({ process, run, from, to });
    if (from >= to) read.finish();
    this.#reads.set(id, read);
    if (this.#socket !== null) this.#subscribeRead(this.#socket, id, read);
    try {
      return await read.steps;
    } finally {
      this.#reads.delete(id);
      this.#socket?.say({ type: "unsubscribe", id });
    }
  }

  /** Resolves once it was done; one that is made without a connection is not kept for the next. */
  async act(act: Act): Promise<void> {
    if (this.#acts !== null) return await this.#acts.make(act);
    const detail = "There is no connection to the machine just now.";
    throw new LongwireError({ code: "unreachable", detail, hint: "It is being tried again." });
  }

  /** Opens another connection at once: the network has changed. */
  redial(): void {
    this.#socket?.close();
    this.#hurry.abort();
  }

  close(): void {
    this.#closing.abort();
    this.#socket?.close();
    for (const read of this.#reads.values()) read.finish();
  }

  async #run(): Promise<void> {
    const { onConnection, onRefused } = this.#options;
    const closing = this.#closing.signal;
    try {
      for (let failures = 0; !closing.aborted; failures++) {
        const socket = await this.#open();
        if (socket !== null) {
          failures = 0;
          await this.#serve(socket);
          if (socket.ending?.code === closeCodes.unauthorized) throw signedOut();
        }
        closing.throwIfAborted();
        onConnection("lost");
        this.#hurry = new AbortController();
        await pause(backoffMs(failures, Math.random()), AbortSignal.any([closing, this.#hurry.signal])).catch(
          () => null,
        );
      }
    } catch (error) {
      if (closing.aborted) return;
      onRefused(error instanceof LongwireError ? error : signedOut());
    }
  }

  /** Null where it may open later. */
  async #open(): Promise<ViewerSocket | null> {
    try {
      return await openOrExplain(this.#caller, this.#closing.signal);
    } catch (error) {
      if (error instanceof LongwireError && error.mayRetry) return null;
      throw error;
    }
  }

  async #serve(socket: ViewerSocket): Promise<void> {
    const open = new AbortController();
    this.#socket = socket;
    this.#acts = new Acts(socket, this.#options.process);
    try {
      watchPage((watching) => socket.say({ type: "attention", watching }), open.signal);
      socket.say({ type: "credit", bytes: windowBytes });
      if (this.#live !== null) this.#subscribe(socket, this.#live);
      for (const [id, read] of this.#reads) this.#subscribeRead(socket, id, read);
      this.#options.onConnection("open");
      for (let message; (message = await socket.read()) !== null;) this.#take(socket, message);
    } finally {
      open.abort();
      this.#acts.end();
      this.#acts = null;
      this.#socket = null;
      socket.close();
    }
  }

  #subscribe(socket: ViewerSocket, { id, place, seq }: Live): void {
    const { process, run } = this.#options;
    const begin = seq === null ? { output_after: `${run}.${place.offset}` } : { after: seq };
    socket.say({ type: "subscribe", id, process, mode: "latest", ...begin });
  }

  #subscribeRead(socket: ViewerSocket, id: number, read: RangeRead): void {
    const { process, run } = this.#options;
    socket.say({ type: "subscribe", id, process, output_after: `${run}.${read.offset}` });
    const timer = setTimeout(() => read.finish(), silenceMs);
    void read.steps.then(() => clearTimeout(timer));
  }

  /** Shows the message, and gives its bytes back once that is done. */
  #take(socket: ViewerSocket, { frame, bytes }: ViewerMessage): void {
    const steps = frame === null ? [] : this.#stepsOf(socket, frame);
    const giveBack = (): void => socket.say({ type: "credit", bytes });
    if (steps.length === 0) return giveBack();
    const live = this.#live;
    // What waited to be drawn as it was left off is sent again where it is gone on with.
    const draw = async (): Promise<void> => (this.#live === live ? await this.#options.draw(steps) : undefined);
    this.#drawing = this.#drawing.then(draw).then(giveBack, giveBack);
  }

  #stepsOf(socket: ViewerSocket, frame: ViewerFrame): OutputStep[] {
    const live = this.#live;
    if (frame.type === "acted") this.#acts?.answer(frame);
    if (frame.type === "refused") this.#refuse(socket, frame);
    if (frame.type !== "events" && frame.type !== "skipped" && frame.type !== "expired") return [];
    if (frame.subscription !== live?.id) {
      const read = this.#reads.get(frame.subscription);
      if (frame.type === "events") for (const event of frame.events) read?.take(event);
      return [];
    }
    if (frame.type === "events") {
      live.seq = Math.max(live.seq ?? 0, frame.events.at(-1)?.seq ?? 0);
      return frame.events.flatMap((event) => live.place.takeEvent(event));
    }
    live.seq = Math.max(live.seq ?? 0, frame.to_seq);
    if (frame.type !== "expired") return frame.runs.flatMap((one) => live.place.takeSkipped(one));
    this.#options.onExpired?.();
    return [];
  }

  #refuse(socket: ViewerSocket, { id, code, detail }: Extract<ViewerFrame, { type: "refused" }>): void {
    const live = this.#live;
    this.#reads.get(id)?.finish();
    if (live?.id !== id) return;
    // The log is another one than it was, as after a restored backup: the place in the output still holds.
    if (live.seq === null) return this.#options.onRefused(new LongwireError({ code, detail }));
    live.seq = null;
    this.#subscribe(socket, live);
  }
}

function signedOut(): LongwireError {
  return new LongwireError({ code: "unauthorized", detail: "This session was revoked, or has ended." });
}

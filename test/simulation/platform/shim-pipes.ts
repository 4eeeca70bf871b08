// Between runner and shim: messages in order, each a moment later, until one end closes or dies.

import type { RunnerMessage, ShimMessage } from "@longwire/runner/src/shim/control-messages.ts";
import type { ShimAnswer, ShimHandlers, ShimRequest } from "@longwire/runner/src/supervise/shim-connection.ts";
import { clock, type Owner } from "./clock.ts";
import { between } from "./random.ts";

type Hint = { readonly type: "hint"; readonly number: number; readonly bytes: Uint8Array | null };

/** One end of a pipe. */
export class PipeEnd<In, Out> {
  readonly owner: Owner;
  other: PipeEnd<Out, In> | null = null;
  onMessage: (message: In) => void = () => {};
  onClose: () => void = () => {};
  #isClosed = false;
  #lastAt = 0;

  constructor(owner: Owner) {
    this.owner = owner;
  }

  send(message: Out): void {
    const other = this.other;
    if (this.#isClosed || other === null) return;
    this.#lastAt = Math.max(this.#lastAt, clock.now + between(0.05, 1));
    clock.after(other.owner, this.#lastAt - clock.now, () => {
      if (!other.#isClosed) other.onMessage(message);
    });
  }

  /** Closes this end; the other learns of it behind what was sent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const other = this.other;
    if (other === null) return;
    clock.after(other.owner, Math.max(this.#lastAt - clock.now, 0) + 0.1, () => {
      if (other.#isClosed) return;
      other.#isClosed = true;
      other.onClose();
    });
  }
}

export type ShimEnd = PipeEnd<RunnerMessage, ShimMessage | Hint>;
export type RunnerEnd = PipeEnd<ShimMessage | Hint, RunnerMessage>;

export function joinPipe(shim: Owner, runner: Owner): { shimEnd: ShimEnd; runnerEnd: RunnerEnd } {
  const shimEnd: ShimEnd = new PipeEnd(shim);
  const runnerEnd: RunnerEnd = new PipeEnd(runner);
  shimEnd.other = runnerEnd;
  runnerEnd.other = shimEnd;
  return { shimEnd, runnerEnd };
}

/** Who listens where; the machine says. */
export const listeners: { connectTo: (path: string) => RunnerEnd | null } = { connectTo: () => null };

/** Stands in for the function of this name in the runner. */
export async function dialShim(path: string, signal: AbortSignal): Promise<RunnerEnd | null> {
  const end = listeners.connectTo(path);
  await new Promise<void>((resolve) => clock.after(clock.current, 0.2, resolve));
  if (!signal.aborted) return end;
  end?.close();
  return null;
}

/** Stands in for the class of this name in the runner. */
export class ShimConnection {
  readonly #end: RunnerEnd;
  readonly #handlers: ShimHandlers;
  readonly #pending = new Map<number, (answer: ShimAnswer | null) => void>();
  #nextId = 1;
  #isClosed = false;

  constructor(socket: unknown, handlers: ShimHandlers) {
    this.#end = socket as RunnerEnd;
    this.#handlers = handlers;
    this.#end.onClose = () => this.close();
    this.#end.onMessage = (message) => {
      if (this.#isClosed) return;
      if (message.type === "hint") return handlers.onRecord(message.number, message.bytes);
      if (!("id" in message)) return handlers.onMessage(message);
      this.#pending.get(message.id)?.(message);
      this.#pending.delete(message.id);
    };
  }

  tell(message: RunnerMessage): void {
    if (!this.#isClosed) this.#end.send(message);
  }

  ask(request: ShimRequest): Promise<ShimAnswer | null> {
    if (this.#isClosed) return Promise.resolve(null);
    const id = this.#nextId++;
    this.#end.send({ ...request, id });
    return new Promise((resolve) => this.#pending.set(id, resolve));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end.close();
    for (const resolve of this.#pending.values()) resolve(null);
    this.#handlers.onClosed();
  }
}

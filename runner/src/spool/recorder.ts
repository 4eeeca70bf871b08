// Puts facts into a spool, one after the other. A disk that takes nothing delays them and loses none: they wait in
// memory, in order, while whoever produces them is asked to pause.

import { linkWindowBytes, maxFrameBytes } from "@longwire/shared/limits.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { type Appended, SpoolWriter } from "./spool-writer.ts";

const retryMs = 500;
const noPayload = new Uint8Array(0);

interface Waiting {
  readonly header: string;
  readonly payload: Uint8Array;
}

export interface RecorderOptions {
  readonly folder: string;
  readonly segmentBytes: number;
  /** Bytes the spool may hold. */
  readonly maxBytes: number;
  /** Whoever produces the output cannot be paused: past the bound the oldest of it goes, and a gap says so. */
  readonly overflows?: boolean;
  readonly onAppended: (appended: Appended) => void;
  /** Called whenever {@link Recorder.isFull} may have changed. */
  readonly onRoom: () => void;
}

export class Recorder {
  readonly #writer: SpoolWriter;
  readonly #options: RecorderOptions;
  #waiting: Waiting[] = [];
  #maxBytes: number;
  #retry: NodeJS.Timeout | null = null;
  #onStored: (() => void) | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes;
    this.#writer = new SpoolWriter(options.folder, options.segmentBytes);
  }

  get next(): number {
    return this.#writer.next;
  }

  /** Whether all that was recorded is on disk. */
  get isStored(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether no more output should be read for now. */
  get isFull(): boolean {
    if (this.#waiting.length > 0) return true;
    return this.#options.overflows !== true && this.#writer.heldBytes > this.#maxBytes / 2;
  }

  record(fact: Fact, payload: Uint8Array = noPayload): void {
    const wasFull = this.isFull;
    const header = JSON.stringify(fact);
    if (this.#waiting.length > 0 || !this.#append(header, payload)) this.#wait(header, payload);
    if (this.isFull !== wasFull) this.#options.onRoom();
  }

  /** Has the spool hold so much from now on. Less than it holds: producers that can be paused are, of others output goes. */
  setMaxBytes(maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.#makeRoom();
    this.#options.onRoom();
  }

  trim(below: number): void {
    this.#writer.trim(below);
    this.#options.onRoom();
  }

  /** Resolves once nothing waits any more. */
  async stored(): Promise<void> {
    if (this.#waiting.length > 0) await new Promise<void>((resolve) => (this.#onStored = resolve));
  }

  close(): void {
    if (this.#retry !== null) clearInterval(this.#retry);
    this.#retry = null;
    this.#writer.close();
  }

  #append(header: string, payload: Uint8Array): boolean {
    const appended = this.#writer.append(header, payload);
    if (appended !== null) this.#options.onAppended(appended);
    this.#makeRoom();
    return appended !== null;
  }

  #makeRoom(): void {
    if (this.#options.overflows !== true || this.#writer.heldBytes <= this.#maxBytes) return;
    // Of a spool smaller than the link's window most may be on its way; then a gap may also name what arrived.
    this.#writer.overflow(this.#maxBytes, Math.min(linkWindowBytes + maxFrameBytes, this.#maxBytes / 4));
  }

  #wait(header: string, payload: Uint8Array): void {
    // A copy: the caller's bytes hold only until the call returns.
    this.#waiting.push({ header, payload: Uint8Array.from(payload) });
    this.#retry ??= setInterval(() => this.#tryAgain(), retryMs);
  }

  #tryAgain(): void {
    for (let one = this.#waiting[0]; one !== undefined; one = this.#waiting[0]) {
      if (!this.#append(one.header, one.payload)) return;
      this.#waiting.shift();
    }
    if (this.#retry !== null) clearInterval(this.#retry);
    this.#retry = null;
    this.#onStored?.();
    this.#options.onRoom();
  }
}

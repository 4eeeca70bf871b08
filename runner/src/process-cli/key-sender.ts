// Keys on their way to a process: in order, a few pieces at a time, up to the one that leaves.

import { LongwireError } from "@longwire/shared/client/longwire-error.ts";

/** Ctrl-], as in telnet: no shell and few programs use it. */
const leaveKey = 0x1d;
/** Pieces that wait for their answer; what is typed meanwhile goes together in the next one. */
const maxUnderWay = 16;
const maxPieceBytes = 16 * 1024;

export interface KeySenderOptions {
  readonly send: (keys: Buffer) => Promise<void>;
  readonly onLeave: () => void;
  /** The process cannot be typed to, and why. */
  readonly onFailure: (error: unknown) => void;
  /** Nobody knows whether a piece arrived. */
  readonly onDoubt: () => void;
}

export class KeySender {
  readonly #options: KeySenderOptions;
  #waiting: Buffer = Buffer.alloc(0);
  #underWay = 0;
  #hasLeft = false;
  readonly #onSent: (() => void)[] = [];

  constructor(options: KeySenderOptions) {
    this.#options = options;
  }

  take(keys: Buffer): void {
    if (this.#hasLeft) return;
    const at = keys.indexOf(leaveKey);
    this.#waiting = Buffer.concat([this.#waiting, at === -1 ? keys : keys.subarray(0, at)]);
    this.#pump();
    if (at === -1) return;
    this.#hasLeft = true;
    this.#options.onLeave();
  }

  /** Resolves once all that was taken is answered. */
  async sent(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#onSent.push(resolve));
  }

  #pump(): void {
    while (this.#waiting.byteLength > 0 && this.#underWay < maxUnderWay) {
      const piece = this.#waiting.subarray(0, maxPieceBytes);
      this.#waiting = this.#waiting.subarray(piece.byteLength);
      this.#underWay++;
      void this.#send(piece);
    }
  }

  async #send(piece: Buffer): Promise<void> {
    const { send, onDoubt, onFailure } = this.#options;
    try {
      await send(piece);
    } catch (error) {
      if (this.#hasLeft) return;
      if (!(error instanceof LongwireError)) onFailure(error);
      else if (error.mayRetry) onDoubt();
      // Its end comes by itself.
      else if (error.code !== "process_ended") onFailure(error);
    } finally {
      this.#underWay--;
      this.#pump();
      if (this.#underWay === 0) for (const tell of this.#onSent.splice(0)) tell();
    }
  }
}

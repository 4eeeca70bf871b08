// Memory for frames, used again once the control plane has one: memory of its own for each has a flood spend a tenth of
// the runner's time on collecting it.

import { maxFrameBytes } from "@longwire/shared/limits.ts";

export class FrameMemory {
  readonly #free: ArrayBuffer[] = [];

  /** Room for a frame of `bytes`, with anything in it. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    if (bytes > maxFrameBytes) return new Uint8Array(bytes);
    return new Uint8Array(this.#free.pop() ?? new ArrayBuffer(maxFrameBytes), 0, bytes);
  }

  /** Takes back the room of a frame that nobody reads any more. */
  giveBack({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (buffer.byteLength === maxFrameBytes) this.#free.push(buffer);
  }
}

// The object's end of a socket. What it sends waits for the end of the turn, as the platform's output gate has it: if
// what the turn wrote is not kept, nobody hears of it.

export type Message = string | Uint8Array<ArrayBuffer>;

/** What a turn of the object wants others to see. */
export type Effect = () => void;

export class SimulatedSocket {
  /** 1 open, 2 closing, 3 closed. */
  readyState = 1;
  tags: readonly string[] = [];
  /** Since when the object has it; the newest of a tag has the greatest. */
  order = 0;
  answeredAt: number | null = null;
  #attachment = "null";
  /** Where effects go; set by whoever runs the object. */
  gate: (effect: Effect) => void = (effect) => effect();
  /** The other end. */
  onMessage: (message: string) => void = () => {};
  onClose: (code: number, reason: string) => void = () => {};

  send(message: string): void {
    if (this.readyState !== 1) throw new Error("send on a socket that is not open");
    this.gate(() => this.onMessage(message));
  }

  close(code = 1005, reason = ""): void {
    if (this.readyState !== 1) return;
    this.readyState = 2;
    this.gate(() => this.onClose(code, reason));
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = JSON.stringify(value);
    if (this.#attachment.length > 16_384) throw new Error("an attachment over 16384 bytes");
  }

  deserializeAttachment(): unknown {
    return JSON.parse(this.#attachment);
  }
}

// What is done to a run over one socket, each act answered by its number. Acts arrive in the order they are made in.

import { maxViewerMessageBytes } from "../src/limits.ts";
import type { ControlFrame } from "../src/viewer-frame.ts";
import type { ActRequest } from "../src/viewer-request.ts";
import { LongwireError } from "./longwire-error.ts";
import type { ViewerSocket } from "./viewer-socket.ts";

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type WithoutNumber<T> = T extends ActRequest ? Omit<T, "n" | "process"> : never;
/** An act, but for its number and whom it is done to. */
export type Act = WithoutNumber<ActRequest>;

export class Acts {
  readonly #socket: ViewerSocket;
  readonly #process: string;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(socket: ViewerSocket, process: string) {
    this.#socket = socket;
    this.#process = process;
  }

  /** How many have no answer yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves once it was done. */
  async make(act: Act): Promise<void> {
    const n = this.#last++;
    const request: ActRequest = { n, process: this.#process, ...act };
    if (new TextEncoder().encode(JSON.stringify(request)).byteLength > maxViewerMessageBytes) {
      const hint = "Send it in pieces, or over HTTP with `input`.";
      throw new LongwireError({ code: "payload_too_large", detail: "A socket takes 64 KiB at a time.", hint });
    }
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
      this.#socket.say(request);
    });
  }

  answer({ n, code, detail = "", hint }: Extract<ControlFrame, { type: "acted" }>): void {
    const asker = this.#waiting.get(n);
    this.#waiting.delete(n);
    if (code === undefined) asker?.resolve();
    else asker?.reject(new LongwireError({ code, detail, hint }));
  }

  /** After the socket ended. What has no answer is not made again: what was typed may have arrived. */
  end(): void {
    const detail = "The connection ended before the answer, so nobody knows whether it was done.";
    const hint = "Look at the output before you type it again.";
    for (const { reject } of this.#waiting.values()) {
      reject(new LongwireError({ code: "runner_timeout", detail, hint }));
    }
    this.#waiting.clear();
  }
}

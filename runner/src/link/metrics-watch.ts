// Sends samples of the machine while somebody wants them, at once and then every two seconds.

import { metricsEveryMs } from "@longwire/shared/limits.ts";

export class MetricsWatch {
  readonly #send: () => Promise<void>;
  #timer: NodeJS.Timeout | null = null;
  #isSending = false;

  /** `send` measures and sends once. */
  constructor(send: () => Promise<void>) {
    this.#send = send;
  }

  set(watched: boolean): void {
    if (watched === (this.#timer !== null)) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = watched ? setInterval(() => void this.#tick(), metricsEveryMs) : null;
    if (watched) void this.#tick();
  }

  /** A machine that is slow to measure skips its turn. */
  async #tick(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    await this.#send();
    this.#isSending = false;
  }
}

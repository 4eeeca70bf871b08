// How much of what anybody may say to the runner is written down: twenty a minute, and then how many more there were.
// Else whoever speaks to it could push what it did out of its audit. Pure.

const perMinute = 20;
const minuteMs = 60_000;

export class Noise {
  #since: number;
  #heard = 0;

  constructor(now: number) {
    this.#since = now;
  }

  /** Whether this one is written down, and how many were not since one was. */
  hear(now: number): { readonly isLoud: boolean; readonly passedOver: number } {
    let passedOver = 0;
    if (now - this.#since >= minuteMs || now < this.#since) {
      passedOver = Math.max(this.#heard - perMinute, 0);
      this.#since = now;
      this.#heard = 0;
    }
    this.#heard++;
    return { isLoud: this.#heard <= perMinute, passedOver };
  }
}

// The object's one alarm, shared by all who wait for a time: it is set to the earliest, and whoever's time was not up
// yet asks again when it fires.

export class OneAlarm {
  readonly #storage: DurableObjectStorage;
  /** When it fires; null where nobody waits, as far as this memory knows. */
  #at: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** After a sleep: it was asked for this time before, so it is set to that or earlier. */
  resume(at: number): void {
    this.#at = Math.min(this.#at ?? Infinity, at);
  }

  wakeAt(at: number): void {
    if (this.#at !== null && this.#at <= at) return;
    this.#at = at;
    void this.#storage.setAlarm(at);
  }

  /** To be called when it fires, before anybody asks again. */
  fired(): void {
    this.#at = null;
  }
}

// Callers that wait for the log to say something: each is asked again after every stored batch.

/** Looks once more; ends by itself when it found what it looks for. */
type Waiter = () => void;

export class Waiting {
  readonly #waiters = new Set<Waiter>();

  /** Callers that wait now. */
  get size(): number {
    return this.#waiters.size;
  }

  /** Resolves with the first value `look` gives that is not null, or with null after `waitMs`. */
  until<T>(look: () => T | null, waitMs: number): Promise<T | null> {
    const found = look();
    if (found !== null || waitMs <= 0) return Promise.resolve(found);
    return new Promise((resolve) => {
      const finish = (value: T | null): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(value);
      };
      const waiter: Waiter = () => {
        const value = look();
        if (value !== null) finish(value);
      };
      const timer = setTimeout(() => finish(null), waitMs);
      this.#waiters.add(waiter);
    });
  }

  /** To be called after the log grew. */
  look(): void {
    for (const waiter of this.#waiters) waiter();
  }
}

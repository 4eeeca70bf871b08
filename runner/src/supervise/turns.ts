// Lets changes of one thing follow each other, in the order they were asked for; those of other things do not wait.

export class Turns<Key> {
  readonly #last = new Map<Key, Promise<void>>();

  /** Does `change` once every earlier one of `key` is over, however it ended. */
  async take<T>(key: Key, change: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(change);
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, over);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === over) this.#last.delete(key);
    }
  }
}

// Who reads a run's spool beside the link, each at its own pace: what one of them has not read yet stays on disk though
// it is acknowledged, and each hears when there may be more.

export class Reading {
  readonly #onMoved: () => void;
  #from: number;
  /** Called, often, when there may be more to read, and when the run is over or let go of. */
  onNews: () => void = () => {};

  constructor(from: number, onMoved: () => void) {
    this.#from = from;
    this.#onMoved = onMoved;
  }

  get from(): number {
    return this.#from;
  }

  /** Records below `number` are not needed here any more; `Infinity`: none is. */
  keepFrom(number: number): void {
    this.#from = number;
    this.#onMoved();
  }
}

export class Readings {
  readonly #open = new Set<Reading>();
  readonly #onMoved: () => void;

  /** `onMoved`: more of the spool may go than before. */
  constructor(onMoved: () => void) {
    this.#onMoved = onMoved;
  }

  /** Keeps records from `number` on. To be closed in the end. */
  open(number: number): Reading {
    const reading = new Reading(number, this.#onMoved);
    this.#open.add(reading);
    return reading;
  }

  close(reading: Reading): void {
    this.#open.delete(reading);
    this.#onMoved();
  }

  /** The first record somebody needs; `Infinity` where nobody needs any. */
  get lowest(): number {
    return Math.min(Infinity, ...[...this.#open].map(({ from }) => from));
  }

  tellNews(): void {
    for (const reading of this.#open) reading.onNews();
  }
}

/** Whether there may be more to read before `delayMs` are over. */
export function newsWithin(reading: Reading, delayMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), delayMs);
    timer.unref();
    reading.onNews = () => {
      clearTimeout(timer);
      resolve(true);
    };
  });
}

// Simulated time. Whatever happens is a turn of somebody: his callback runs, then every promise it resolved, then the
// next turn. Nothing else makes time pass, so a run is the same for the same seed.

/** Whoever has turns: a program that may be killed, or the object. What a dead one still wanted never happens. */
export interface Owner {
  readonly name: string;
  isAlive: boolean;
  /** Around each turn. */
  readonly begin?: () => void;
  readonly end?: () => void;
  /** Told of what a turn threw; whether that was to be expected. */
  readonly onError?: (error: unknown) => boolean;
}

/** Thrown where a program that was killed would touch the world once more. */
export class Killed extends Error {}

interface Turn {
  readonly id: number;
  at: number;
  readonly owner: Owner;
  readonly run: () => void;
  readonly everyMs: number | null;
}

/** The simulation itself, which no trouble ends. */
export const world: Owner = { name: "world", isAlive: true };

class Clock {
  /** Milliseconds since the run began. */
  now = 0;
  current: Owner = world;
  /** Turns so far. */
  turns = 0;
  /** What went wrong in turns beside the way. */
  readonly problems: string[] = [];
  #turns: Turn[] = [];
  #lastId = 0;

  reset(): void {
    this.now = 0;
    this.current = world;
    this.problems.length = 0;
    this.#turns = [];
  }

  after(owner: Owner, delayMs: number, run: () => void, everyMs: number | null = null): number {
    const turn: Turn = { id: ++this.#lastId, at: this.now + Math.max(0, delayMs), owner, run, everyMs };
    this.#insert(turn);
    return turn.id;
  }

  cancel(id: number): void {
    this.#turns = this.#turns.filter((turn) => turn.id !== id);
  }

  /** Whether `owner` has turns to come. */
  isBusy(owner: Owner): boolean {
    return this.#turns.some((turn) => turn.owner === owner);
  }

  #insert(turn: Turn): void {
    let at = this.#turns.length;
    while (at > 0 && (this.#turns[at - 1]?.at ?? 0) > turn.at) at--;
    this.#turns.splice(at, 0, turn);
  }

  /** Lets time pass until `isDone`, or for `ms`. */
  async pass(ms: number, isDone: () => boolean = () => false): Promise<void> {
    const until = this.now + ms;
    while (!isDone()) {
      const turn = this.#turns[0];
      if (turn === undefined || turn.at > until) {
        this.now = until;
        return;
      }
      this.#turns.shift();
      this.now = Math.max(this.now, turn.at);
      if (!turn.owner.isAlive) continue;
      if (turn.everyMs !== null) {
        turn.at = this.now + turn.everyMs;
        this.#insert(turn);
      }
      await this.turn(turn.owner, turn.run);
    }
  }

  /** One turn, with every promise that resolves in it. */
  async turn(owner: Owner, run: () => void): Promise<void> {
    this.current = owner;
    this.turns++;
    try {
      owner.begin?.();
      run();
    } catch (error) {
      if (owner.onError?.(error) !== true) this.complain(owner, error);
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
    owner.end?.();
    this.current = world;
  }

  complain(owner: Owner, error: unknown): void {
    if (error instanceof Killed) return;
    this.problems.push(
      `${owner.name} threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

export const clock = new Clock();

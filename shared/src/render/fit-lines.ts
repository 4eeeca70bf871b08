// Lines into a budget of characters: the first third of it from the beginning, the rest from the end, and in between a
// mark that says what is left out. Holds no more than the budget, however much comes.

/** A line to be shown, with its place. */
export interface ShownLine {
  readonly text: string;
  /** Lines of output it stands for. */
  readonly lines: number;
  readonly start: number;
  readonly end: number;
}

/** What is left out between head and tail. */
export interface Hole {
  readonly lines: number;
  /** The offset where it begins, and the one where the tail goes on. */
  readonly from: number;
  readonly to: number;
}

/** What the mark says, in one line. */
export type MarkHole = (hole: Hole) => string;

export interface Fitted {
  readonly text: string;
  readonly hole: Hole | null;
  /** Lines of output that came. */
  readonly lines: number;
}

export class LineFitter {
  readonly #maxChars: number;
  readonly #headChars: number;
  readonly #head: ShownLine[] = [];
  #tail: ShownLine[] = [];
  /** Where the tail begins in its array, which is moved up now and then. */
  #tailAt = 0;
  #room: number;
  #tailSize = 0;
  #isHeadFull = false;
  #dropped: { readonly lines: number; readonly from: number; readonly end: number } | null = null;
  #lines = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
    this.#headChars = Math.floor(maxChars / 3);
    this.#room = this.#headChars;
  }

  take(line: ShownLine): void {
    this.#lines += line.lines;
    const size = line.text.length + 1;
    if (!this.#isHeadFull && size <= this.#room) {
      this.#room -= size;
      this.#head.push(line);
      return;
    }
    this.#isHeadFull = true;
    this.#tail.push(line);
    this.#tailSize += size;
    // What the head left over is the tail's.
    while (this.#tailSize > this.#maxChars - this.#headChars + this.#room) this.#drop();
  }

  /** The text, each line with its end, never more than the budget; `mark` is asked until its line fits too. */
  end(mark: MarkHole): Fitted {
    for (;;) {
      const hole = this.#hole();
      const marked = hole === null ? [] : [`${mark(hole)}\n`];
      const tail = this.#tail.slice(this.#tailAt).map(({ text }) => `${text}\n`);
      const text = [...this.#head.map(({ text: line }) => `${line}\n`), ...marked, ...tail].join("");
      if (text.length <= this.#maxChars) return { text, hole, lines: this.#lines };
      if (tail.length > 0) this.#drop();
      else if (!this.#dropHead()) return { text: text.slice(0, this.#maxChars), hole, lines: this.#lines };
    }
  }

  #hole(): Hole | null {
    if (this.#dropped === null) return null;
    const { lines, from, end } = this.#dropped;
    return { lines, from, to: this.#tail[this.#tailAt]?.start ?? end };
  }

  #drop(): void {
    const line = this.#tail[this.#tailAt];
    if (line === undefined) return;
    const { lines, from, end } = this.#dropped ?? { lines: 0, from: line.start, end: line.end };
    this.#dropped = { lines: lines + line.lines, from, end: Math.max(end, line.end) };
    this.#tailSize -= line.text.length + 1;
    if (++this.#tailAt > 1024) {
      this.#tail = this.#tail.slice(this.#tailAt);
      this.#tailAt = 0;
    }
  }

  #dropHead(): boolean {
    const line = this.#head.pop();
    if (line === undefined) return false;
    const { lines, end } = this.#dropped ?? { lines: 0, end: line.end };
    this.#dropped = { lines: lines + line.lines, from: line.start, end: Math.max(end, line.end) };
    return true;
  }
}

// A line of output as a person at a terminal would have seen it at last, with its place in what was printed.

/** What is kept of a line; what is longer is counted. */
export const maxLineChars = 2000;

/** A read of a run's output, as the log has it. */
export interface OutputPiece {
  readonly stream: OutputStream;
  /** Of the first byte, in the run's combined output. */
  readonly offset: number;
  /** When it was read, in milliseconds since 1970. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

export type OutputStream = "stdout" | "stderr" | "tty";

/** Output that is lost. `to` is null where nobody knows how much. */
export interface OutputGap {
  readonly from: number;
  readonly to: number | null;
  readonly reason: string;
}

export interface Line {
  readonly type: "line";
  readonly stream: OutputStream;
  readonly text: string;
  /** Characters beyond `maxLineChars`. */
  readonly cut: number;
  /** Where it begins in the run's combined output, and the offset behind it. */
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

export type GapLine = { readonly type: "gap" } & OutputGap;

export type Item = Line | GapLine;

/** Whatever takes lines one by one. */
export type TakeItem = (item: Item) => void;

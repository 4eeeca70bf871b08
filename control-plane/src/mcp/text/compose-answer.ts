// The one shape of an answer with output: a line that says where it is from, the output between marks, and behind them
// what was left out and the next call.

export interface ComposedAnswer {
  /** State, range and cursor. */
  readonly head: readonly string[];
  /** Shown safely, each line with its end. */
  readonly output: string;
  readonly foot: readonly string[];
}

export function composeAnswer({ head, output, foot }: ComposedAnswer): string {
  const body = output === "" || output.endsWith("\n") ? output : `${output}\n`;
  return [`${head.join(" · ")}\n<output>\n${body}</output>`, ...foot.filter((line) => line !== "")].join("\n");
}

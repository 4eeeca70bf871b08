// Finds the `it(` and `test(` calls of a test file by a scan of its text. Comments on lines of their own are passed over.

export type FoundTest = {
  /** From 1. */
  readonly line: number;
  /** The text of the literal, or undefined where the title is an expression. */
  readonly title: string | undefined;
  /** False for what is only planned or switched off. */
  readonly runs: boolean;
};

const call =
  /(?<![\w.$"'`/])(?:it|test)((?:\.(?:concurrent|each|fails|for|only|runIf|sequential|skip|skipIf|todo))*)(?=[(`<])/g;
const takesArguments = /\.(?:each|for|runIf|skipIf)$/;
const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** The position after white space and comments. */
const skipBlank = (text: string, start: number): number => {
  const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = start;
  return start + (blank.exec(text)?.[0].length ?? 0);
};

/** The position after the literal that begins at `start`. */
const skipString = (text: string, start: number): number => {
  const quote = text[start];
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    if (text[at] === "\\") at += 2;
    else if (quote === "`" && text.startsWith("${", at)) at = skipGroup(text, at + 1);
    else at += 1;
  }
  return at + 1;
};

/** The position after the bracket that closes the one at `start`. */
const skipGroup = (text: string, start: number): number => {
  const opener = text[start] ?? "";
  const closer = closers[opener];
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at] ?? "";
    if (`"'\``.includes(char)) {
      at = skipString(text, at);
      continue;
    }
    if (text.startsWith("//", at) || text.startsWith("/*", at)) {
      at = skipBlank(text, at);
      continue;
    }
    if (char === opener) depth += 1;
    if (char === closer && text[at - 1] !== "=") depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return at;
};

const isCommented = (text: string, at: number): boolean =>
  /^\s*(?:\/\/|\/?\*)/.test(text.slice(text.lastIndexOf("\n", at) + 1, at));

/** All tests of a file, in order. */
export const findTests = (text: string): FoundTest[] => {
  const found: FoundTest[] = [];
  for (const match of text.matchAll(call)) {
    if (isCommented(text, match.index)) continue;
    const modifiers = match[1] ?? "";
    let at = match.index + match[0].length;
    if (text[at] === "<") at = skipGroup(text, at);
    if (takesArguments.test(modifiers)) at = text[at] === "`" ? skipString(text, at) : skipGroup(text, at);
    const titleAt = skipBlank(text, at + 1);
    const isLiteral = text[at] === "(" && `"'\``.includes(text[titleAt] ?? " ");
    found.push({
      line: text.slice(0, match.index).split("\n").length,
      title: isLiteral ? text.slice(titleAt + 1, skipString(text, titleAt) - 1) : undefined,
      runs: !/\.(?:skip|todo)\b/.test(modifiers),
    });
  }
  return found;
};

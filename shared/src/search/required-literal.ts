// A text that every match of a pattern holds, read off the pattern: where it is missing, no match need be looked for.
// Only what is certain counts; what is not understood holds nothing.

interface Parsed {
  /** The longest text that is certain; empty where none is. */
  readonly literal: string;
  /** Where parsing stopped. */
  readonly at: number;
}

/** Escaped, these stand for themselves. */
const punctuation = /^[!-/:-@[-`{-~]$/;
const maxDepth = 50;

/** At least two characters, or null. Null also for patterns with flags, which may let case go. */
export function requiredLiteral(source: string): string | null {
  if (/\(\?[^:P<]|\\Q|\p{Cc}/u.test(source)) return null;
  const parsed = parseAlternatives(source, 0, 0);
  return parsed === null || parsed.at < source.length || parsed.literal.length < 2 ? null : parsed.literal;
}

/** Up to a closing bracket or the end. Of several alternatives none is certain. */
function parseAlternatives(source: string, start: number, depth: number): Parsed | null {
  if (depth > maxDepth) return null;
  let best = "";
  let run = "";
  let isOne = true;
  let at = start;
  const close = (): void => {
    if (run.length > best.length) best = run;
    run = "";
  };
  while (at < source.length && source[at] !== ")") {
    const character = String.fromCodePoint(source.codePointAt(at)!);
    let literal: string | null = null;
    /** What is certain of something that is no single character. */
    let inner = "";
    if (character === "|") {
      isOne = false;
      at++;
      continue;
    }
    if (character === "(") {
      const head = /^\((?:\?(?::|P?<\w+>))?/.exec(source.slice(at))![0];
      const group = parseAlternatives(source, at + head.length, depth + 1);
      if (group === null || source[group.at] !== ")") return null;
      inner = group.literal;
      at = group.at + 1;
    } else if (character === "[") {
      const end = classEnd(source, at);
      if (end === null) return null;
      at = end;
    } else if (character === "\\") {
      const escaped = source[at + 1] ?? "";
      if (punctuation.test(escaped)) literal = escaped;
      at += escapeLength(source, at);
    } else {
      if (!".^$*+?".includes(character)) literal = character;
      at += character.length;
    }
    const repeat = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(source.slice(at, at + 20));
    const isOptional = repeat !== null && (/^[*?]/.test(repeat[0]) || Number(repeat[1] ?? "1") === 0);
    at += repeat?.[0].length ?? 0;
    if (literal !== null && !isOptional) run += literal;
    if (literal === null || repeat !== null) close();
    if (inner.length > best.length && !isOptional) best = inner;
  }
  close();
  return { literal: isOne ? best : "", at };
}

/** Behind the `]` that closes the class that begins at `at`. */
function classEnd(source: string, at: number): number | null {
  let end = at + 1;
  if (source[end] === "^") end++;
  if (source[end] === "]") end++;
  while (end < source.length && source[end] !== "]") {
    const named = /^\[:\^?\w+:\]/.exec(source.slice(end, end + 20))?.[0];
    end += named?.length ?? (source[end] === "\\" ? 2 : 1);
  }
  return end < source.length ? end + 1 : null;
}

function escapeLength(source: string, at: number): number {
  const rest = source.slice(at, at + 64);
  return /^\\(?:x\{[^}]*\}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|[pP].|[0-7]{1,3}|.)/su.exec(rest)?.[0].length ?? 2;
}

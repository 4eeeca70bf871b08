// Reads a pattern of what is secret: RE2 syntax without what looks beside the match (`^`, `$`, `\b`) and without flags.
// It is about bytes, as output is: a character beyond ASCII stands for its bytes in UTF-8.

import { maxPatternLength } from "@longwire/shared/limits.ts";

/** What a pattern is made of. `set` holds 256 flags, one a byte. */
export type ByteNode =
  | { readonly type: "set"; readonly set: Uint8Array }
  | { readonly type: "sequence"; readonly parts: readonly ByteNode[] }
  | { readonly type: "choice"; readonly parts: readonly ByteNode[] }
  /** `max` may be Infinity. */
  | { readonly type: "repeat"; readonly part: ByteNode; readonly min: number; readonly max: number };

/** Thrown for what is no such pattern; the message goes behind the pattern's name. */
export class PatternFault extends Error {}

const maxCount = 1000;
const newline = 10;

/** The pattern in `source`. Throws {@link PatternFault}. */
export function parseBytePattern(source: string): ByteNode {
  if (source.length > maxPatternLength) throw new PatternFault(`is longer than ${maxPatternLength} characters`);
  const reader = new Reader(source);
  const node = readChoice(reader);
  if (!reader.isAtEnd) throw new PatternFault("has a `)` too many");
  return node;
}

class Reader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#characters = Array.from(source);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  get next(): string {
    return this.#characters[this.#at] ?? "";
  }

  take(): string {
    const character = this.next;
    if (character === "") throw new PatternFault("ends too early");
    this.#at++;
    return character;
  }

  takes(text: string): boolean {
    for (let at = 0; at < text.length; at++) if (this.#characters[this.#at + at] !== text[at]) return false;
    this.#at += text.length;
    return true;
  }

  /** What matches `form`, which begins with `^`, right here. */
  match(form: RegExp): readonly string[] | null {
    const found = form.exec(this.#characters.slice(this.#at, this.#at + 16).join(""));
    if (found !== null) this.#at += found[0].length;
    return found;
  }
}

function readChoice(reader: Reader): ByteNode {
  const parts = [readSequence(reader)];
  while (reader.takes("|")) parts.push(readSequence(reader));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: "choice", parts };
}

function readSequence(reader: Reader): ByteNode {
  const parts: ByteNode[] = [];
  while (!reader.isAtEnd && reader.next !== "|" && reader.next !== ")") parts.push(readRepeat(reader));
  return { type: "sequence", parts };
}

function readRepeat(reader: Reader): ByteNode {
  let part = readAtom(reader);
  for (;;) {
    const range = readRange(reader);
    if (range === null) return part;
    // Reluctant or not, what is masked is the longest match.
    reader.takes("?");
    part = { type: "repeat", part, ...range };
  }
}

function readRange(reader: Reader): { readonly min: number; readonly max: number } | null {
  if (reader.takes("*")) return { min: 0, max: Infinity };
  if (reader.takes("+")) return { min: 1, max: Infinity };
  if (reader.takes("?")) return { min: 0, max: 1 };
  if (reader.next !== "{") return null;
  const counted = reader.match(/^\{(\d{1,4})(,?)(\d{0,4})\}/);
  if (counted === null) return null;
  const [, from = "", comma, to = ""] = counted;
  const min = Number(from);
  const max = to !== "" ? Number(to) : comma === "," ? Infinity : min;
  if (min > maxCount || (max !== Infinity && max > maxCount) || max < min) throw new PatternFault("counts wrongly");
  return { min, max };
}

function readAtom(reader: Reader): ByteNode {
  const character = reader.take();
  switch (character) {
    case "(": {
      if (reader.takes("?") && !reader.takes(":")) throw new PatternFault("has a flag or a name in `(?`");
      const inner = readChoice(reader);
      if (!reader.takes(")")) throw new PatternFault("has a `(` too many");
      return inner;
    }
    case "[":
      return { type: "set", set: readClass(reader) };
    case ".":
      return { type: "set", set: setOf((byte) => byte !== newline) };
    case "^":
    case "$":
      throw new PatternFault(`looks beside the match with \`${character}\``);
    case "*":
    case "+":
    case "?":
      throw new PatternFault(`repeats nothing with \`${character}\``);
    case "\\":
      return { type: "set", set: readEscape(reader) };
    default:
      return literal(character);
  }
}

function literal(character: string): ByteNode {
  const parts = [...Buffer.from(character)].map((byte): ByteNode => ({ type: "set", set: oneOf(byte) }));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: "sequence", parts };
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isLetter = (byte: number): boolean => (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
const classes: Readonly<Record<string, (byte: number) => boolean>> = {
  d: isDigit,
  w: (byte) => isDigit(byte) || isLetter(byte) || byte === 95,
  s: (byte) => byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 32,
};

function readEscape(reader: Reader): Uint8Array {
  const hex = reader.match(/^x([0-9A-Fa-f]{2})/);
  if (hex !== null) return oneOf(Number.parseInt(hex[1] ?? "", 16));
  const character = reader.take();
  const control = controls[character];
  if (control !== undefined) return oneOf(control);
  const member = classes[character.toLowerCase()];
  if (member !== undefined) return setOf((byte) => member(byte) === (character === character.toLowerCase()));
  if (/[A-Za-z0-9]/.test(character)) throw new PatternFault(`uses \`\\${character}\`, which is not known here`);
  return oneOf(asciiOf(character));
}

function readClass(reader: Reader): Uint8Array {
  const isNegated = reader.takes("^");
  const set = new Uint8Array(256);
  for (let isFirst = true; isFirst || reader.next !== "]"; isFirst = false) {
    if (reader.next === "[" && reader.match(/^\[:/) !== null) throw new PatternFault("uses `[:…:]`");
    const low = readMember(reader);
    const isRange = low.single !== null && reader.next === "-" && reader.match(/^-(?!\])/) !== null;
    const high = isRange ? readMember(reader).single : null;
    if (isRange && (high === null || low.single === null || high < low.single))
      throw new PatternFault("has a bad range");
    if (low.single !== null) set.fill(1, low.single, (high ?? low.single) + 1);
    else for (let byte = 0; byte < 256; byte++) if (low.set[byte] === 1) set[byte] = 1;
  }
  reader.take();
  return isNegated ? set.map((flag) => 1 - flag) : set;
}

/** One member of a class; `single` where it is one byte. */
function readMember(reader: Reader): { readonly set: Uint8Array; readonly single: number | null } {
  const set = reader.takes("\\") ? readEscape(reader) : null;
  if (set !== null) {
    const first = set.indexOf(1);
    return { set, single: set.lastIndexOf(1) === first ? first : null };
  }
  const byte = asciiOf(reader.take());
  return { set: oneOf(byte), single: byte };
}

function asciiOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code > 127) throw new PatternFault(`has ${character} in a class, which takes ASCII only`);
  return code;
}

function setOf(isIn: (byte: number) => boolean): Uint8Array {
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) if (isIn(byte)) set[byte] = 1;
  return set;
}

function oneOf(byte: number): Uint8Array {
  const set = new Uint8Array(256);
  set[byte] = 1;
  return set;
}

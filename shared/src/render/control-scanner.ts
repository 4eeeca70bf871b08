// Text as a terminal reads it: runs of printable characters, control characters, and escape sequences. Each character
// is looked at once, whatever comes; a sequence may come in any pieces.
//
//   text ──ESC──► escape ──[──► csi ──final──► text
//     ▲             │ └─] P X ^ _──► string ──BEL, ST──► text
//     └──────final──┘
//
// As in a terminal, CAN, SUB and another ESC break a sequence off. Unlike there, a line's end does so too: what follows
// a control string that nobody ends is shown all the same.

/** What is told of a text. Sequences that move nothing are told only as `escape`. */
export interface ControlSink {
  readonly print: (text: string) => void;
  /** A control character below U+0020, but ESC. */
  readonly control: (code: number) => void;
  /** CSI: `final` with its numbers, absent ones as 0; `mark` is a leading `?`, `>`, `<` or `=`, or empty. */
  readonly csi: (final: string, numbers: readonly number[], mark: string) => void;
  /** ESC and one more character, without intermediates. */
  readonly escape: (final: string) => void;
}

type Place = "text" | "escape" | "intermediate" | "csi" | "string" | "stringEscape";

const esc = 0x1b;
const bell = 0x07;
const maxParameters = 64;
/** ESC and one of these, or the C1 control 0x40 above it, begins a control string: DCS, SOS, OSC, PM, APC. */
const stringStarts: ReadonlySet<number> = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f]);

export class ControlScanner {
  readonly #sink: ControlSink;
  #place: Place = "text";
  #parameters = "";

  constructor(sink: ControlSink) {
    this.#sink = sink;
  }

  /** Takes more text of one line. */
  scan(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.#place !== "text") {
        if (this.#step(text.charCodeAt(at))) at++;
        continue;
      }
      const from = at;
      while (at < text.length && !isControl(text.charCodeAt(at))) at++;
      if (at > from) this.#sink.print(at - from === text.length ? text : text.slice(from, at));
      if (at < text.length) this.#control(text.charCodeAt(at++));
    }
  }

  /** The line has ended, and with it any sequence that has not. */
  endLine(): void {
    this.#place = "text";
  }

  #control(code: number): void {
    if (code === esc) this.#place = "escape";
    else if (code < 0x20) this.#sink.control(code);
    // C1: what ESC and the character 0x40 below it would be.
    else if (code >= 0x80) this.#afterEscape(code - 0x40);
  }

  /** One character inside a sequence; false where it is still to be taken, as text. */
  #step(code: number): boolean {
    if (code === 0x18 || code === 0x1a) {
      this.#place = "text";
      return true;
    }
    switch (this.#place) {
      case "escape":
        return this.#afterEscape(code);
      case "intermediate":
        if (code === esc) this.#place = "escape";
        else if (code >= 0x30) this.#place = "text";
        return true;
      case "csi":
        return this.#inCsi(code);
      case "string":
        if (code === esc) this.#place = "stringEscape";
        else if (code === bell || code === 0x9c) this.#place = "text";
        return true;
      case "stringEscape":
        // ST ends the string; anything else begins a sequence of its own.
        this.#place = "text";
        return code === 0x5c || this.#afterEscape(code);
      case "text":
        return false;
    }
  }

  #afterEscape(code: number): boolean {
    this.#place = "text";
    if (code === esc) this.#place = "escape";
    else if (code === 0x5b) {
      this.#place = "csi";
      this.#parameters = "";
    } else if (stringStarts.has(code)) this.#place = "string";
    else if (code >= 0x20 && code <= 0x2f) this.#place = "intermediate";
    else if (code < 0x30 || code > 0x7e) return false;
    else this.#sink.escape(String.fromCharCode(code));
    return true;
  }

  #inCsi(code: number): boolean {
    if (code >= 0x20 && code <= 0x3f) {
      if (this.#parameters.length < maxParameters) this.#parameters += String.fromCharCode(code);
      return true;
    }
    this.#place = "text";
    if (code === esc) this.#place = "escape";
    if (code < 0x40 || code > 0x7e) return code === esc;
    const mark = /^[<=>?]/.exec(this.#parameters)?.[0] ?? "";
    const numbers = this.#parameters.slice(mark.length).split(";").map(toNumber);
    this.#sink.csi(String.fromCharCode(code), numbers, mark);
    return true;
  }
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/** At most 9999, which no screen reaches. */
function toNumber(text: string): number {
  return Math.min(9999, Number.parseInt(text, 10) || 0);
}

/** `text` without its control characters and sequences, tabs left. */
export function stripControls(text: string): string {
  let at = 0;
  while (at < text.length && (!isControl(text.charCodeAt(at)) || text.charCodeAt(at) === 9)) at++;
  if (at === text.length) return text;
  const parts: string[] = [];
  const ignore = (): void => undefined;
  const scanner = new ControlScanner({
    print: (part) => parts.push(part),
    control: (code) => code === 9 && parts.push("\t"),
    csi: ignore,
    escape: ignore,
  });
  scanner.scan(text);
  return parts.join("");
}

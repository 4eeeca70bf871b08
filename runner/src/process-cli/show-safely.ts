// Output as it comes, for a terminal that is not to be steered by it: text, line ends, tabs, carriage returns and
// backspaces as they are, colours where they are wanted, erasing of a line; every other escape sequence is left out. So
// a progress display moves within its line, and nothing else moves.

import { ControlScanner } from "@longwire/shared/render/control-scanner.ts";

/** What a control character that is kept does: ends a line, or moves within it. */
const kept: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0d]);
/** Those that turn or hide text where they stand; what joins emoji and scripts stays. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text without escape sequences, less what would turn or hide some of it. */
export function visibleText(text: string): string {
  return text.replaceAll(turning, "");
}

export class SafeText {
  readonly #decoder = new TextDecoder();
  readonly #scanner: ControlScanner;
  #safe = "";

  constructor(withColours: boolean) {
    this.#scanner = new ControlScanner({
      print: (text) => (this.#safe += visibleText(text)),
      control: (code) => {
        if (!kept.has(code)) return;
        this.#safe += String.fromCharCode(code);
      },
      csi: (final, numbers, mark) => {
        const isWanted = (final === "m" && withColours) || final === "K";
        if (isWanted && mark === "") this.#safe += `\u001b[${numbers.join(";")}${final}`;
      },
      escape: () => undefined,
    });
  }

  /** What of `bytes` is to be shown; what they leave unfinished comes with the next ones. */
  take(bytes: Uint8Array): string {
    this.#scanner.scan(this.#decoder.decode(bytes, { stream: true }));
    const safe = this.#safe;
    this.#safe = "";
    return safe;
  }
}

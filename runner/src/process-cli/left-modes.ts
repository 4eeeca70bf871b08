// What a program has switched on in a terminal and not off again: who leaves it behind puts that back.

import { ControlScanner } from "@longwire/shared/render/control-scanner.ts";

/** DEC private modes by their number: what puts each back to what a shell expects. */
const usual: ReadonlyMap<number, string> = new Map([
  // Application cursor keys, the cursor, mouse reports, focus reports, the alternate screen, bracketed paste.
  ...[1, 9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 2004].map((mode) => [mode, `\u001b[?${mode}l`] as const),
  [25, "\u001b[?25h"],
  ...[47, 1047, 1049].map((mode) => [mode, `\u001b[?${mode}l`] as const),
]);
const cursorShown = 25;

export class LeftModes {
  readonly #decoder = new TextDecoder();
  readonly #changed = new Set<number>();
  #hasColour = false;
  #hasKeypad = false;
  readonly #scanner = new ControlScanner({
    print: () => undefined,
    control: () => undefined,
    csi: (final, numbers, mark) => {
      if (final === "m" && mark === "") this.#hasColour = numbers.at(-1) !== 0;
      if (mark !== "?" || (final !== "h" && final !== "l")) return;
      for (const mode of numbers) {
        if ((final === "h") === (mode !== cursorShown)) this.#changed.add(mode);
        else this.#changed.delete(mode);
      }
    },
    escape: (final) => {
      if (final === "=") this.#hasKeypad = true;
      else if (final === ">") this.#hasKeypad = false;
      else if (final === "c") this.#reset();
    },
  });

  take(bytes: Uint8Array): void {
    this.#scanner.scan(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What to write to the terminal; empty where all is as it was. */
  restoring(): string {
    const modes = [...usual].flatMap(([mode, sequence]) => (this.#changed.has(mode) ? [sequence] : []));
    return [...modes, this.#hasKeypad ? "\u001b>" : "", this.#hasColour ? "\u001b[0m" : ""].join("");
  }

  #reset(): void {
    this.#changed.clear();
    this.#hasColour = false;
    this.#hasKeypad = false;
  }
}

// The times beside a terminal's lines: each line has the time of the piece it began in. They are drawn for the lines that
// are seen, and only while they are wanted.

import type { IMarker, Terminal } from "@xterm/xterm";
import { lastMarkAt, timeText } from "./time-marks.ts";

/** Beyond these the oldest are let go. */
const maxMarks = 4000;

export class TimeGutter {
  readonly #terminal: Terminal;
  readonly #host: HTMLElement;
  #marks: { readonly marker: IMarker; readonly time: string }[] = [];
  #isShown = false;

  constructor(terminal: Terminal, host: HTMLElement) {
    this.#terminal = terminal;
    this.#host = host;
    terminal.onRender(() => this.#draw());
    terminal.onScroll(() => this.#draw());
  }

  /** What is written from now on was printed then. Called as what was before it is drawn. */
  mark(timestamp: string): void {
    const time = timeText(timestamp);
    if (this.#marks.at(-1)?.time === time || this.#terminal.buffer.active.type === "alternate") return;
    this.#marks.push({ marker: this.#terminal.registerMarker(0), time });
    if (this.#marks.length > maxMarks) for (const { marker } of this.#marks.splice(0, maxMarks / 4)) marker.dispose();
  }

  show(isShown: boolean): void {
    this.#isShown = isShown;
    this.#host.replaceChildren();
    this.#draw();
  }

  clear(): void {
    for (const { marker } of this.#marks) marker.dispose();
    this.#marks = [];
  }

  #draw(): void {
    if (!this.#isShown) return;
    const { rows, buffer, element } = this.#terminal;
    const height = (element?.querySelector(".xterm-screen")?.clientHeight ?? 0) / rows;
    this.#marks = this.#marks.filter(({ marker }) => !marker.isDisposed);
    const lines = this.#marks.map(({ marker }) => marker.line);
    const { children } = this.#host;
    let before = "";
    for (let row = 0; row < rows; row++) {
      const cell = children[row] ?? this.#host.appendChild(document.createElement("span"));
      const at = buffer.active.viewportY + row;
      const time =
        at > buffer.active.baseY + buffer.active.cursorY ? "" : (this.#marks[lastMarkAt(lines, at)]?.time ?? "");
      const text = time === before ? "" : time;
      before = time;
      if (cell.textContent !== text) cell.textContent = text;
      if (cell instanceof HTMLElement) cell.style.height = `${height}px`;
    }
    while (children.length > rows) this.#host.lastElementChild?.remove();
  }
}

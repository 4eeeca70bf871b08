// Lines that the page itself puts between what a program printed: what is lost, and what was skipped. One that leads
// somewhere is a link.

import type { IDisposable, IMarker, Terminal } from "@xterm/xterm";

interface Notice {
  readonly marker: IMarker;
  readonly follow: () => void;
}

export class Notices {
  readonly #terminal: Terminal;
  readonly #provider: IDisposable;
  #notices: Notice[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#provider = terminal.registerLinkProvider({
      provideLinks: (line, give) => {
        const notice = this.#notices.find(({ marker }) => marker.line === line - 1);
        const text = terminal.buffer.active.getLine(line - 1)?.translateToString(true) ?? "";
        if (notice === undefined || text === "") return give(undefined);
        const range = { start: { x: 1, y: line }, end: { x: text.length, y: line } };
        give([{ range, text, activate: () => notice.follow() }]);
      },
    });
  }

  /** Writes `text` on a line of its own, behind what was written before. `follow`: what a click on it does. */
  write(text: string, follow: (() => void) | null): void {
    const terminal = this.#terminal;
    // A full screen is the program's own.
    if (terminal.buffer.active.type === "alternate") return;
    // A sequence that was broken off ends here, and so does its style.
    terminal.write("\u0018\u001b[0m\r\n", () => {
      if (follow === null) return;
      const marker = terminal.registerMarker(0);
      this.#notices.push({ marker, follow });
      marker.onDispose(() => {
        this.#notices = this.#notices.filter((one) => one.marker !== marker);
      });
    });
    terminal.write(`\u001b[2m── ${text} ──\u001b[0m\r\n`);
  }

  /** What `follow` does with the last one that leads somewhere. */
  followLast(): void {
    this.#notices.at(-1)?.follow();
  }

  clear(): void {
    for (const { marker } of this.#notices) marker.dispose();
    this.#notices = [];
  }

  close(): void {
    this.clear();
    this.#provider.dispose();
  }
}

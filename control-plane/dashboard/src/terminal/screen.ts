// The terminal on the page: xterm, with what it needs to be safe with a program's output, quick, and readable.

import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon, type ISearchOptions } from "@xterm/addon-search";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import { guardAnswers } from "./guard-answers.ts";
import { Notices } from "./notices.ts";
import { openLink, webAddress } from "./open-link.ts";
import { type Palette, palettes, watchPalette } from "./palettes.ts";
import { styleByObjects } from "./style-by-objects.ts";
import { TimeGutter } from "./time-gutter.ts";

export interface ScreenOptions {
  /** Where it is drawn, and where the times stand beside it. */
  readonly host: HTMLElement;
  readonly gutter: HTMLElement;
  /** What it is called for those who do not see it. */
  readonly label: string;
  /** A terminal's lines end with two characters, a pipe's with one. */
  readonly tty: boolean;
  readonly canType: boolean;
  readonly isReadAloud: boolean;
  /** Whether what a program asks its terminal is answered from here, as it is drawn. */
  readonly mayAnswer: () => boolean;
  readonly onTyped: (text: string) => void;
  /** Bytes, each as a character. */
  readonly onTypedBytes: (bytes: string) => void;
  readonly onResize: (cols: number, rows: number) => void;
  /** After it was scrolled by hand. */
  readonly onScrolled: () => void;
  /** The address under the pointer; null where there is none any more. */
  readonly onLink: (address: string | null) => void;
  /** Another key than the program's: true where it was dealt with. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

/** Lines that can be scrolled back without being drawn anew. */
const scrollback = 20_000;
const fontSize = 13;

export class Screen {
  readonly terminal: Terminal;
  readonly times: TimeGutter;
  readonly notices: Notices;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: 2000 });
  readonly #closing = new AbortController();
  #palette: Palette = palettes.light;

  constructor(options: ScreenOptions) {
    const { host, tty, canType, isReadAloud, label } = options;
    const { signal } = this.#closing;
    const shell = getComputedStyle(host);
    styleByObjects();
    this.terminal = new Terminal({
      allowProposedApi: true,
      convertEol: !tty,
      disableStdin: !canType,
      cursorInactiveStyle: canType ? "outline" : "none",
      fontFamily: shell.getPropertyValue("--mono").trim() || "monospace",
      fontSize,
      lineHeight: 1.15,
      scrollback,
      minimumContrastRatio: 4.5,
      screenReaderMode: isReadAloud,
      linkHandler: {
        activate: (_, address) => openLink(address),
        hover: (_, address) => options.onLink(webAddress(address)),
        leave: () => options.onLink(null),
      },
    });
    const { terminal } = this;
    guardAnswers(terminal, options.mayAnswer);
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(this.#search);
    const links = {
      hover: (_: unknown, address: string) => options.onLink(address),
      leave: () => options.onLink(null),
    };
    terminal.loadAddon(new WebLinksAddon((_, address) => openLink(address), links));
    terminal.open(host);
    if (terminal.textarea !== undefined) terminal.textarea.ariaLabel = label;
    watchPalette((palette) => {
      this.#palette = palette;
      terminal.options.theme = palette.theme;
    }, signal);
    this.times = new TimeGutter(terminal, options.gutter);
    this.notices = new Notices(terminal);
    terminal.attachCustomKeyEventHandler((event) => !options.onKey(event));
    terminal.onData(options.onTyped);
    terminal.onBinary(options.onTypedBytes);
    terminal.onResize(({ cols, rows }) => options.onResize(cols, rows));
    // Only what a hand does: output scrolls too. What xterm deals with it tells nobody further up.
    const early = { signal, passive: true, capture: true };
    for (const type of ["wheel", "touchmove", "keyup", "pointerup"]) {
      host.addEventListener(type, () => requestAnimationFrame(options.onScrolled), early);
    }
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(host);
    signal.addEventListener("abort", () => observer.disconnect());
    void this.#accelerate();
  }

  /** Draws by the graphics card where there is a real one; a made-up one is slower than the page itself. */
  async #accelerate(): Promise<void> {
    if (!hasGraphics()) return;
    const { WebglAddon } = await import("@xterm/addon-webgl");
    if (this.#closing.signal.aborted) return;
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose());
      this.terminal.loadAddon(webgl);
    } catch {
      // It is drawn by the page then.
    }
  }

  get isAtEnd(): boolean {
    const { viewportY, baseY } = this.terminal.buffer.active;
    return viewportY >= baseY;
  }

  get isAtBeginning(): boolean {
    return this.terminal.buffer.active.viewportY === 0;
  }

  /** Where the cursor stands, counted from the first line there is. */
  get line(): number {
    const { baseY, cursorY } = this.terminal.buffer.active;
    return baseY + cursorY;
  }

  fit(): void {
    const size = this.#fit.proposeDimensions();
    if (size === undefined || !Number.isFinite(size.cols) || size.cols < 2) return;
    this.#fit.fit();
  }

  /** Resolves once it is drawn. */
  async write(data: string | Uint8Array, isDrawn?: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.terminal.write(data, () => {
        isDrawn?.();
        resolve();
      });
    });
  }

  clear(): void {
    this.notices.clear();
    this.times.clear();
    this.terminal.reset();
  }

  /** Goes to the next place of `text`, or the one before; whether there is any. */
  find(text: string, isBackward: boolean, isRegex: boolean): boolean {
    const { match } = this.#palette;
    const options: ISearchOptions = {
      regex: isRegex,
      decorations: {
        matchBackground: match.all,
        activeMatchBackground: match.active,
        matchOverviewRuler: match.all,
        activeMatchColorOverviewRuler: match.active,
      },
    };
    try {
      return isBackward ? this.#search.findPrevious(text, options) : this.#search.findNext(text, options);
    } catch {
      // Half a regular expression, as it is being typed.
      return false;
    }
  }

  /** Calls `tell` with which of how many places is shown; -1: none. */
  onFound(tell: (index: number, count: number) => void): void {
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => tell(resultIndex, resultCount));
  }

  endFind(): void {
    this.#search.clearDecorations();
    this.terminal.clearSelection();
  }

  /** What is selected, or all there is. */
  textToCopy(): string {
    const { terminal } = this;
    if (terminal.hasSelection()) return terminal.getSelection();
    terminal.selectAll();
    const all = terminal.getSelection();
    terminal.clearSelection();
    return all.trimEnd();
  }

  close(): void {
    this.#closing.abort();
    this.terminal.dispose();
  }
}

const madeUp = /swiftshader|llvmpipe|software|basic render/i;

function hasGraphics(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  if (context === null) return false;
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const renderer: unknown = info === null ? "" : context.getParameter(info.UNMASKED_RENDERER_WEBGL);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return typeof renderer === "string" && !madeUp.test(renderer);
}

// Puts a screen and a session together: what is typed goes to the run, and its size follows the page's, as long as it is
// this page that somebody sits at.

import { keySequence } from "@longwire/shared/keys.ts";
import { OutputSession, type SessionState } from "./output-session.ts";
import { Screen } from "./screen.ts";
import type { TerminalProps } from "./terminal-props.ts";
import { typedPieces, withControl } from "./typed-pieces.ts";

export interface TerminalHandlers {
  readonly onState: (state: SessionState) => void;
  readonly onLink: (address: string | null) => void;
  /** Whether Ctrl is held for the next key. */
  readonly onControl: (isHeld: boolean) => void;
  readonly onSearch: () => void;
  /** The keyboard is to leave the terminal. */
  readonly onLeave: () => void;
}

export interface OpenTerminal {
  readonly screen: Screen;
  readonly session: OutputSession;
  readonly press: (name: string) => void;
  readonly holdControl: () => void;
  readonly sendLine: (text: string) => void;
  readonly interrupt: () => void;
  readonly close: () => void;
}

/** A page that is being laid out changes its size many times. */
const settledMs = 100;

export function openTerminal(
  props: TerminalProps,
  host: HTMLElement,
  gutter: HTMLElement,
  isReadAloud: boolean,
  handlers: TerminalHandlers,
): OpenTerminal {
  const { tty, canInput, process, run } = props;
  const closing = new AbortController();
  const { signal } = closing;
  const canType = tty && canInput;
  let isControl = false;
  /** Whether somebody has sat down at it here: then it has this page's size. */
  let isTaken = false;
  let told = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  const type = (text: string): void => {
    if (!canType || session.state.hasEnded) return;
    for (const piece of typedPieces(isControl ? withControl(text) : text)) {
      session.act({ type: "input", input: { text: piece, enter: false, close: false } });
    }
    setControl(false);
  };
  const setControl = (isHeld: boolean): void => {
    if (isHeld === isControl) return;
    isControl = isHeld;
    handlers.onControl(isHeld);
  };
  const tellSize = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { cols, rows } = screen.terminal;
      if (!isTaken || !canType || session.state.hasEnded || told === `${cols} ${rows}`) return;
      told = `${cols} ${rows}`;
      session.act({ type: "resize", size: { cols, rows } });
    }, settledMs);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const { key, type: kind, ctrlKey, shiftKey } = event;
    const isLeaving = key === "F6" && shiftKey;
    const isSearching = ctrlKey && shiftKey && key.toLowerCase() === "f";
    const isCopying = ctrlKey && shiftKey && key.toLowerCase() === "c";
    // A full-screen program has its own use for these.
    const isScrolling =
      shiftKey && (key === "Home" || key === "End") && screen.terminal.buffer.active.type === "normal";
    if (!isLeaving && !isSearching && !isCopying && !isScrolling) return false;
    event.preventDefault();
    if (kind !== "keydown") return true;
    if (isScrolling && key === "Home") screen.terminal.scrollToTop();
    else if (isScrolling) screen.terminal.scrollToBottom();
    else if (isLeaving) handlers.onLeave();
    else if (isSearching) handlers.onSearch();
    else void navigator.clipboard.writeText(screen.terminal.getSelection()).catch(() => undefined);
    return true;
  };

  const screen = new Screen({
    host,
    gutter,
    label: `Terminal of ${process}, run ${run}. Shift+F6 leaves it.`,
    tty,
    canType,
    isReadAloud,
    mayAnswer: () => canType && session.isLive && document.hasFocus() && host.contains(document.activeElement),
    onTyped: type,
    onTypedBytes: (bytes) => {
      if (!canType || session.state.hasEnded) return;
      session.act({ type: "input", input: { data_base64: btoa(bytes), enter: false, close: false } });
    },
    onResize: tellSize,
    onScrolled: () => session.scrolled(),
    onLink: handlers.onLink,
    onKey,
  });
  const session = new OutputSession(props, screen, handlers.onState);

  host.addEventListener(
    "focusin",
    () => {
      isTaken = true;
      tellSize();
    },
    { signal },
  );
  // A network that is back is tried at once.
  window.addEventListener("online", () => session.redial(), { signal });
  screen.fit();

  return {
    screen,
    session,
    press: (name) => type(keySequence(name) ?? ""),
    holdControl: () => setControl(!isControl),
    sendLine: (text) => session.act({ type: "input", input: { text, enter: true, close: false } }),
    interrupt: () => session.act({ type: "interrupt" }),
    close: () => {
      closing.abort();
      clearTimeout(timer);
      session.close();
      screen.close();
    },
  };
}

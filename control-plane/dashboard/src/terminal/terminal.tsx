// A run on the page: its terminal, the bar above it, and below it what is needed to type where there is no keyboard or no
// terminal.

import "./terminal.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayDone, sayError } from "../ui/toasts.tsx";
import { KeyRow } from "./key-row.tsx";
import { LineInput } from "./line-input.tsx";
import { openTerminal, type OpenTerminal } from "./open-terminal.ts";
import type { SessionState } from "./output-session.ts";
import { saveRaw } from "./save-raw.ts";
import { SearchBar } from "./search-bar.tsx";
import type { TerminalProps } from "./terminal-props.ts";
import { ToolBar } from "./tool-bar.tsx";

const readAloudKey = "longwire.read-aloud";

export function Terminal(props: TerminalProps) {
  const { process, run, tty, canInput, isOnline, isSilent } = props;
  const host = useRef<HTMLDivElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<OpenTerminal | null>(null);
  const [state, setState] = useState<SessionState | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [isSearching, setSearching] = useState(false);
  const [isTimed, setTimed] = useState(false);
  const [isControl, setControl] = useState(false);
  const [isReadAloud, setReadAloud] = useState(() => localStorage.getItem(readAloudKey) === "yes");

  useEffect(() => {
    if (host.current === null || gutter.current === null) return;
    const opened = openTerminal(props, host.current, gutter.current, isReadAloud, {
      onState: setState,
      onLink: setLink,
      onControl: setControl,
      onSearch: () => setSearching(true),
      onLeave: () => bar.current?.querySelector("button")?.focus(),
    });
    setOpen(opened);
    return () => opened.close();
    // The page makes another terminal for another run.
  }, []);

  const screen = open?.screen;
  const session = open?.session;
  const isTyping = canInput && isOnline && state?.hasEnded === false;
  const setTimes = (): void => {
    setTimed(!isTimed);
    screen?.times.show(!isTimed);
    requestAnimationFrame(() => screen?.fit());
  };
  const copy = async (): Promise<void> => {
    if (screen === undefined) return;
    await navigator.clipboard.writeText(screen.textToCopy());
    sayDone("Copied");
  };
  const readAloud = (): void => {
    localStorage.setItem(readAloudKey, isReadAloud ? "no" : "yes");
    setReadAloud(!isReadAloud);
    if (screen !== undefined) screen.terminal.options.screenReaderMode = !isReadAloud;
  };
  const openFirstError = async (): Promise<void> => {
    if ((await session?.openFirstError()) === false) sayDone("No error found in its output");
  };
  const attempt = (what: Promise<void>, title: string): void =>
    void what.catch((error: unknown) => sayError(title, error));

  return (
    <section class="tty" aria-label={`Output of ${process}, run ${run}`} data-state={dataState(state)}>
      <div ref={bar}>
        <ToolBar
          state={state}
          isOnline={isOnline}
          isSearching={isSearching}
          isTimed={isTimed}
          isReadAloud={isReadAloud}
          onFollow={() => (state?.isFollowing === true ? session?.pause() : session?.resume())}
          onTail={() => attempt(session?.tail() ?? Promise.resolve(), "Not shown")}
          onNotShown={(offset) => session?.openAt(offset)}
          onSearch={() => setSearching(!isSearching)}
          onError={() => attempt(openFirstError(), "Not found")}
          onTimes={setTimes}
          onCopy={() => attempt(copy(), "Not copied")}
          onSave={() => attempt(saveRaw(props), "Not saved")}
          onReadAloud={readAloud}
        />
      </div>
      {isSearching && open !== null ? (
        <SearchBar
          client={open.session.client}
          screen={open.screen}
          process={process}
          run={run}
          onOpen={(offset) => open.session.openAt(offset)}
          onClose={() => {
            setSearching(false);
            open.screen.terminal.focus();
          }}
        />
      ) : null}
      <div class="tty-place" data-timed={isTimed}>
        <div ref={gutter} class="tty-times" hidden={!isTimed} aria-hidden="true" />
        <div ref={host} class="tty-host" />
        {isSilent && state?.hasEnded === true && !state.isLoading ? (
          <p class="tty-silent">It printed nothing.</p>
        ) : null}
        {link === null ? null : <p class="tty-link">{link}</p>}
      </div>
      {isTyping && tty && open !== null ? (
        <KeyRow isControl={isControl} onControl={() => open.holdControl()} onKey={(name) => open.press(name)} />
      ) : null}
      {isTyping && !tty && open !== null ? (
        <LineInput onLine={(text) => open.sendLine(text)} onInterrupt={() => open.interrupt()} />
      ) : null}
    </section>
  );
}

function dataState(state: SessionState | null): string {
  if (state === null || state.isLoading) return "loading";
  return state.connection === "open" ? (state.isFollowing ? "following" : "paused") : state.connection;
}

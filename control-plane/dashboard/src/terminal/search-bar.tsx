// Searching a run's output: what is on the screen as one types, and on Enter with Shift or by the button all of it, where
// the control plane searches.

import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchMatch } from "@longwire/shared/api/views.ts";
import type { Client } from "@longwire/shared/client/client.ts";
import { readCursor } from "./first-error.ts";
import type { Screen } from "./screen.ts";
import { ToolButton } from "./tool-button.tsx";

export interface SearchBarProps {
  readonly client: Client;
  readonly screen: Screen;
  readonly process: string;
  readonly run: number;
  readonly onOpen: (offset: number) => void;
  readonly onClose: () => void;
}

type Found =
  | { readonly type: "none" }
  | { readonly type: "searching" }
  | { readonly type: "found"; readonly matches: readonly SearchMatch[]; readonly isAll: boolean }
  | { readonly type: "failed"; readonly why: string };

export function SearchBar({ client, screen, process, run, onOpen, onClose }: SearchBarProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [count, setCount] = useState("");
  const [found, setFound] = useState<Found>({ type: "none" });
  useEffect(() => {
    field.current?.focus();
    screen.onFound((index, all) => setCount(all === 0 ? "none here" : `${index + 1} of ${all}`));
    return () => screen.endFind();
  }, [screen]);

  const find = (isBackward: boolean, sought = text): void => {
    if (sought === "") {
      screen.endFind();
      setCount("");
    } else if (!screen.find(sought, isBackward, false)) setCount("none here");
  };
  const searchAll = async (): Promise<void> => {
    if (text === "") return;
    setFound({ type: "searching" });
    try {
      const pattern = text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
      const { items, next_cursor: next } = await client.search({ pattern, process, context: 0, limit: 100 });
      setFound({ type: "found", matches: items.filter((match) => match.run === run), isAll: next === null });
    } catch (error) {
      setFound({ type: "failed", why: error instanceof Error ? error.message : String(error) });
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && event.altKey) void searchAll();
    else if (event.key === "Enter") find(event.shiftKey);
    else return;
    event.preventDefault();
  };

  return (
    <search class="tty-search">
      <div class="tty-search-bar">
        <input
          ref={field}
          type="search"
          aria-label="Search the output"
          placeholder="Search"
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            find(false, currentTarget.value);
          }}
          onKeyDown={onKeyDown}
        />
        <span class="tty-search-count" role="status">
          {count}
        </span>
        <ToolButton picture="up" label="Previous (Shift+Enter)" onClick={() => find(true)} />
        <ToolButton picture="down" label="Next (Enter)" onClick={() => find(false)} />
        <button type="button" class="button button-small" title="Alt+Enter" onClick={() => void searchAll()}>
          All output
        </button>
        <ToolButton picture="close" label="Close search (Escape)" onClick={onClose} />
      </div>
      <Matches found={found} onOpen={onOpen} />
    </search>
  );
}

function Matches({ found, onOpen }: { readonly found: Found; readonly onOpen: (offset: number) => void }) {
  if (found.type === "none") return null;
  if (found.type === "searching") return <p class="tty-matches-note">Searching…</p>;
  if (found.type === "failed") return <p class="tty-matches-note bad">{found.why}</p>;
  if (found.matches.length === 0) return <p class="tty-matches-note">Nothing in all of its output.</p>;
  return (
    <ol class="tty-matches">
      {found.matches.map(({ cursor, text }) => (
        <li key={cursor}>
          <button type="button" onClick={() => onOpen(readCursor(cursor)?.offset ?? 0)}>
            {text}
          </button>
        </li>
      ))}
      {found.isAll ? null : <li class="tty-matches-note">There are more: search for something rarer.</li>}
    </ol>
  );
}

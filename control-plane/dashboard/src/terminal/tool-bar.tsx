// The bar above a terminal: how it stands, and what can be done with it.

import type { SessionState } from "./output-session.ts";
import { ToolButton } from "./tool-button.tsx";

export interface ToolBarProps {
  readonly state: SessionState | null;
  readonly isOnline: boolean;
  readonly isSearching: boolean;
  readonly isTimed: boolean;
  readonly isReadAloud: boolean;
  readonly onFollow: () => void;
  readonly onTail: () => void;
  /** Shows what came too fast. */
  readonly onNotShown: (offset: number) => void;
  readonly onSearch: () => void;
  readonly onError: () => void;
  readonly onTimes: () => void;
  readonly onCopy: () => void;
  readonly onSave: () => void;
  readonly onReadAloud: () => void;
}

export function ToolBar(props: ToolBarProps) {
  const { state } = props;
  const isFollowing = state?.isFollowing === true;
  const notShown = state?.notShown ?? null;
  return (
    <div class="tty-bar" role="toolbar" aria-label="Output">
      <ToolButton
        picture={isFollowing ? "pause" : "play"}
        label={isFollowing ? "Pause" : "Follow"}
        words={isFollowing ? "Pause" : "Follow"}
        isDisabled={isFollowing && state.hasEnded}
        onClick={props.onFollow}
      />
      <ToolButton picture="end" label="Jump to the end" isDisabled={isFollowing} onClick={props.onTail} />
      <p class="tty-status" role="status">
        <Status state={state} isOnline={props.isOnline} />
      </p>
      {notShown === null ? null : (
        <button type="button" class="button-quiet button-small" onClick={() => props.onNotShown(notShown)}>
          Some is not shown
        </button>
      )}
      <ToolButton picture="search" label="Search (Ctrl+Shift+F)" isOn={props.isSearching} onClick={props.onSearch} />
      <ToolButton picture="error" label="First error" onClick={props.onError} />
      <ToolButton picture="clock" label="Times" isOn={props.isTimed} onClick={props.onTimes} />
      <ToolButton picture="copy" label="Copy (Ctrl+Shift+C)" onClick={props.onCopy} />
      <ToolButton picture="download" label="Download all of it" onClick={props.onSave} />
      <ToolButton picture="speak" label="For screen readers" isOn={props.isReadAloud} onClick={props.onReadAloud} />
    </div>
  );
}

function Status({ state, isOnline }: Pick<ToolBarProps, "state" | "isOnline">) {
  if (state === null) return null;
  if (state.problem !== null) return <span class="bad">{state.problem}</span>;
  if (state.connection === "lost") return <span class="tty-lost">Connection lost. Trying again…</span>;
  if (state.isLoading || state.connection === "connecting") return <>Loading…</>;
  if (state.hasEnded) return <>Ended</>;
  if (!isOnline) return <span class="tty-lost">Offline</span>;
  return state.isFollowing ? <span class="tty-live">Live</span> : <>Paused</>;
}

// The frame around every page: where one is, where one can go, and what asks for attention.

import { useEffect } from "preact/hooks";
import { maxFollowed } from "../live/choose-followed.ts";
import { followMachines } from "../live/followed.ts";
import { isListed, leaveMachines, listFailure, loadMachines, stores } from "../live/machines.ts";
import { route } from "../location.ts";
import { askWho } from "../session/calls.ts";
import { session, sessionEnded } from "../session/session.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { whileVisible } from "../ui/while-visible.ts";
import { Page } from "./page.tsx";
import { Side } from "./side.tsx";
import { TopBar } from "./top-bar.tsx";

/** Machines that joined since are found within this time; where there are hundreds, each is asked, so it is more. */
const listEveryMs = 20_000;
const longListEveryMs = 60_000;
/** Where no socket says so, a session's end is noticed within this time. */
const whoEveryMs = 4000;

export function Shell() {
  useEffect(() => {
    void loadMachines();
    const ends = [
      followMachines(),
      whileVisible(() => {
        if (stores.peek().length <= maxFollowed) void loadMachines();
      }, listEveryMs),
      whileVisible(() => {
        if (stores.peek().length > maxFollowed) void loadMachines();
      }, longListEveryMs),
      whileVisible(checkSession, whoEveryMs),
    ];
    return () => {
      for (const end of ends) end();
      leaveMachines();
    };
  }, []);
  useEffect(() => {
    document.querySelector("#main")?.scrollTo(0, 0);
  }, [route.value]);
  const skip = (event: MouseEvent): void => {
    event.preventDefault();
    document.querySelector<HTMLElement>("#main")?.focus();
  };
  const failure = listFailure.value;
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <TopBar />
      <Side />
      <main id="main" tabIndex={0}>
        {failure !== null && !isListed.value && (
          <p class="banner banner-bad" role="alert">
            {failure.message} {failure.hint}
          </p>
        )}
        {isListed.value && <Page />}
      </main>
    </div>
  );
}

/** A machine's open socket is told of its session's end; this is for when there is none. */
function checkSession(): void {
  const { value: state } = session;
  if (state.type !== "in" || stores.peek().some(({ connection }) => connection.peek() === "open")) return;
  askWho(state.token).catch((error: unknown) => {
    if (error instanceof LongwireError && error.code === "unauthorized") sessionEnded();
  });
}

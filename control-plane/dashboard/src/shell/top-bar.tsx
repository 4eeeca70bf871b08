// The bar above every page.

import { stores, waitingApprovals } from "../live/machines.ts";
import { canNotify, notices, setNotices } from "../notices.ts";
import { formatRoute } from "../route.ts";
import { session, signOut } from "../session/session.ts";
import { nextTheme, theme } from "../theme.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { sayDone, sayProblem } from "../ui/toasts.tsx";
import { Logo } from "./logo.tsx";

const themeIcon = { system: "screen", light: "sun", dark: "moon" } as const;
const themeWords = { system: "as the system", light: "light", dark: "dark" } as const;

export function TopBar() {
  const { value: state } = session;
  const waiting = waitingApprovals.value;
  const first = waiting[0];
  const name = state.type === "in" ? state.who.name : "";
  return (
    <header class="top-bar">
      <a class="home" href="#/" aria-label="Longwire: all machines">
        <Logo />
      </a>
      <div class="top-bar-end">
        {first !== undefined && (
          <a class="asks" href={formatRoute({ type: "approvals", machine: first.store.machine.value.name })}>
            <Icon name="shield" />
            <span>{waiting.length}</span>
            <span class="asks-words">
              {waiting.length === 1 ? "start waits for approval" : "starts wait for approval"}
            </span>
          </a>
        )}
        {canNotify && stores.value.length > 0 && (
          <button
            type="button"
            class="button-quiet button-square"
            aria-pressed={notices.value}
            aria-label="Tell me of ends, readiness and approvals while I am elsewhere"
            title="Notifications while you are elsewhere"
            onClick={() => void toggleNotices()}
          >
            <Icon name="bell" />
          </button>
        )}
        <button
          type="button"
          class="button-quiet button-square"
          aria-label={`Colours: ${themeWords[theme.value]}`}
          title={`Colours: ${themeWords[theme.value]}`}
          onClick={nextTheme}
        >
          <Icon name={themeIcon[theme.value]} />
        </button>
        <Menu label={`Signed in as ${name}`} items={[{ label: "Sign out", onChoose: () => void signOut() }]}>
          <Icon name="out" />
        </Menu>
      </div>
    </header>
  );
}

async function toggleNotices(): Promise<void> {
  const wanted = !notices.value;
  const on = await setNotices(wanted);
  if (on) sayDone("You are told of ends, readiness and approvals while this page is hidden.");
  else if (wanted) sayProblem("The browser does not allow notifications of this page.");
}

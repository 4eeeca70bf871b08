// The way in for whoever has no link: a join code or a token, told apart by their form.

import { useEffect, useState } from "preact/hooks";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { Icon } from "../ui/icon.tsx";
import { Logo } from "../shell/logo.tsx";
import { redeemCode } from "./calls.ts";
import { isToken } from "./told-apart.ts";
import { signIn } from "./session.ts";

function describeRefusal(error: unknown): string {
  if (!(error instanceof LongwireError)) return String(error);
  if (error.code === "unauthorized")
    return "This token is not valid: it was revoked, has ended, or was not copied whole.";
  return `${error.message} ${error.hint}`;
}

export function SignInPage({ why }: { readonly why: string | null }) {
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    document.title = "Sign in · Longwire";
  }, []);
  const enter = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const given = text.trim();
      await signIn(isToken(given) ? given : await redeemCode(given));
    } catch (error) {
      setProblem(describeRefusal(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <Logo />
      <h1>Sign in</h1>
      <div role="alert">{why !== null && <p class="banner">{why}</p>}</div>
      <p>
        Open the link that <code>start</code> printed, or make a new one on the machine:
      </p>
      <pre class="snippet">
        <code>npx runner open</code>
      </pre>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <label class="field">
          <span>Or give a join code or a token</span>
          <input
            type="password"
            class="mono"
            autocomplete="off"
            spellcheck={false}
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div role="alert">{problem !== null && <p class="problem">{problem}</p>}</div>
        <button type="submit" class="button button-main button-wide" disabled={isBusy || text.trim() === ""}>
          <Icon name="key" />
          <span>{isBusy ? "Signing in…" : "Sign in"}</span>
        </button>
      </form>
      <p class="hint">It is kept in this tab alone, and gone when the tab is closed.</p>
    </main>
  );
}

// What is shown: nothing yet, the way in, or the dashboard itself.

import { session } from "./session/session.ts";
import { SignInPage } from "./session/sign-in-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { Toasts } from "./ui/toasts.tsx";

export function App() {
  const { value: state } = session;
  return (
    <>
      {state.type === "out" && <SignInPage why={state.why} />}
      {state.type === "in" && <Shell key={state.who.token_id} />}
      <Toasts />
    </>
  );
}

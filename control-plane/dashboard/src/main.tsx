// The dashboard's beginning. The secret of a sign-in link leaves the address before anything else is done.

import { secretAtStart } from "./session/secret-at-start.ts";
import "./jitless.ts";
import "./theme.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/lists.css";
import "./styles/process.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { takeSecret } from "./session/fragment-secret.ts";
import { beginSession } from "./session/session.ts";

const place = document.querySelector("#app");
if (place !== null) render(<App />, place);
void beginSession(secretAtStart);

// A link that is opened in a tab where the dashboard is already loads nothing anew.
window.addEventListener("hashchange", () => {
  const secret = takeSecret(window);
  if (secret !== null) void beginSession(secret);
});

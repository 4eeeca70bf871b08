// The route the address names now.

import { signal } from "@preact/signals";
import { isSignIn } from "./session/fragment-secret.ts";
import { formatRoute, parseRoute, type Route } from "./route.ts";

export const route = signal<Route>(parseRoute(location.hash));

window.addEventListener("hashchange", () => {
  // A sign-in link is no place.
  if (!isSignIn(location.hash)) route.value = parseRoute(location.hash);
});

export function go(to: Route): void {
  location.hash = formatRoute(to);
}

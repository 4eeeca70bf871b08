// The one-time secret of a sign-in link stands in the address's fragment, which no server sees. It is taken out of the
// address, and of the browser's history, before anything else is done.

import { signInFragment as prefix } from "@longwire/shared/sign-in-link.ts";

/** The secret in a fragment; null where there is none. */
export function readSecret(fragment: string): string | null {
  const secret = fragment.startsWith(prefix) ? fragment.slice(prefix.length) : "";
  return /^[0-9A-Za-z_]{1,200}$/.test(secret) ? secret : null;
}

/** Whether a fragment is meant to sign in, well-formed or not, and so must not stay in the address. */
export const isSignIn = (fragment: string): boolean => fragment.startsWith(prefix);

/** Reads the secret off the page's address and takes it out there. */
export function takeSecret(page: Pick<Window, "location" | "history">): string | null {
  const { hash, pathname, search } = page.location;
  if (!isSignIn(hash)) return null;
  page.history.replaceState(null, "", pathname + search);
  return readSecret(hash);
}

// A session in a cookie, over https alone: no script of the page can read it, and no other site has it sent. The prefix
// has browsers take it from this host alone: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie

import type { Refusal } from "@longwire/shared/errors.ts";

const name = "__Host-longwire";
const attributes = "Path=/; Secure; HttpOnly; SameSite=Strict";

/** Whether the page is where a cookie stays secret; on loopback in clear it would go to every other port. */
export function takesCookie(request: Request): boolean {
  return request.url.startsWith("https:");
}

export function sessionCookie(token: string, lifeMs: number): string {
  return `${name}=${token}; ${attributes}; Max-Age=${Math.floor(lifeMs / 1000)}`;
}

export const endedCookie = `${name}=; ${attributes}; Max-Age=0`;

/** The token in the request's cookie; null where there is none, or more than one. */
export function readSessionCookie(request: Request): string | null {
  if (!takesCookie(request)) return null;
  const cookies = (request.headers.get("Cookie") ?? "").split(";").map((cookie) => cookie.trim());
  const [own, ...others] = cookies.filter((cookie) => cookie.startsWith(`${name}=`));
  return own === undefined || others.length > 0 ? null : own.slice(name.length + 1);
}

/**
 * A refusal where a request with the cookie might be another page's doing: what acts, and every socket, must say that
 * it comes from a page of ours. That no page of another origin got this far is not enough where nothing is said.
 */
export function checkCookieUse(request: Request): Refusal | null {
  const isUpgrade = request.headers.has("Upgrade");
  if ((request.method === "GET" || request.method === "HEAD") && !isUpgrade) return null;
  const { origin } = new URL(request.url);
  if (request.headers.get("Origin") === origin || request.headers.get("Sec-Fetch-Site") === "same-origin") return null;
  return {
    code: "host_not_allowed",
    detail: "With a session's cookie this is taken from its own pages only.",
    hint: "Send a bearer token where the request comes from no page.",
  };
}

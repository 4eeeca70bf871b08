// Which web pages may send requests: our own. Others could else use what a browser adds by itself, a cookie or its place
// behind a firewall, and open sockets, which no browser asks anybody about.

import type { Refusal } from "@longwire/shared/errors.ts";

const foreign: Refusal = { code: "host_not_allowed", detail: "Requests from pages of other origins are refused." };

/** A refusal where a page of another origin sent the request; null where it may pass. */
export function checkOrigin(request: Request): Refusal | null {
  const url = new URL(request.url);
  const origin = request.headers.get("Origin");
  if (origin !== null) return isOurs(origin, url) ? null : foreign;
  // Browsers leave `Origin` out of what needs no leave to be sent, such as an image, and say this instead.
  const site = request.headers.get("Sec-Fetch-Site");
  if (site === null || site === "same-origin" || site === "none") return null;
  const followsLink = request.method === "GET" && request.headers.get("Sec-Fetch-Mode") === "navigate";
  return followsLink && !url.pathname.startsWith("/v1/") ? null : foreign;
}

/** A page that came over TLS is ours too where whoever ended the TLS speaks plainly with us. */
function isOurs(origin: string, { protocol, host }: URL): boolean {
  return origin === `${protocol}//${host}` || origin === `https://${host}`;
}

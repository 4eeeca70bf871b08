// Which addresses requests may be meant for, and which pages may send them: protects a control plane on loopback
// from other web pages and from names that were rebound to it.

import type { Refusal } from "@longwire/shared/errors.ts";

/** A refusal where the `Host` is not ours or the `Origin` is another one; null where the request may pass. */
export function checkHosts(request: Request, allowedHosts: string | undefined): Refusal | null {
  const { hostname, host } = new URL(request.url);
  // What stands between may rewrite the address; the header stays as it was sent.
  const named = request.headers.get("Host");
  for (const name of [hostname, ...(named === null ? [] : [named.replace(/:[0-9]*$/, "")])]) {
    if (allowedHosts === undefined || allowedHosts.split(",").includes(name)) continue;
    return { code: "host_not_allowed", detail: `This control plane is not known as ${JSON.stringify(name)}.` };
  }
  const origin = request.headers.get("Origin");
  if (origin === null) return null;
  const parsed = URL.parse(origin);
  if (parsed !== null && parsed.host === host) return null;
  return { code: "host_not_allowed", detail: "Requests from pages of other origins are refused." };
}

// Which addresses requests may be meant for, and by which scheme: protects a control plane on loopback from names that
// were rebound to it, and tokens for a deployed one from going in clear.

import type { Refusal } from "@longwire/shared/errors.ts";

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** A refusal where the request is addressed to a name that is not ours; null where it may pass. */
export function checkHosts(request: Request, allowedHosts: string | undefined): Refusal | null {
  const url = URL.parse(request.url);
  // What stands between may rewrite the address; the header stays as it was sent.
  const named = request.headers.get("Host");
  // Two `Host` headers make no address.
  if (url === null) return unknownHost(named ?? request.url);
  for (const name of [url.hostname, ...(named === null ? [] : [named.replace(/:[0-9]*$/, "")])]) {
    if (allowedHosts !== undefined && !allowedHosts.split(",").includes(name)) return unknownHost(name);
  }
  if (allowedHosts !== undefined || url.protocol === "https:" || loopback.test(url.hostname)) return null;
  const hint = "Use the same address with https:// in front.";
  return { code: "upgrade_required", detail: "This control plane is spoken to over TLS only.", hint };
}

function unknownHost(name: string): Refusal {
  return { code: "host_not_allowed", detail: `This control plane is not known as ${JSON.stringify(name)}.` };
}

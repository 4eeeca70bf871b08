// The way out of the network the machine is in: the proxy its environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
// `NO_PROXY`, in either case) and the certificates its system trusts.

import type { Agent } from "node:http";
import * as tls from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

/** Whether `url` stays on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(\[::1\]|127(\.\d+){3}|(.+\.)?localhost)$/.test(hostname);
}

/**
 * The agent that reaches `url` through the proxy meant for it, by a tunnel whatever the scheme; undefined where none is.
 * Nothing is sent into a tunnel the proxy did not open; the request then fails with what the proxy said. `signal` ends what is still open to the proxy.
 * Throws as {@link findProxy} does.
 */
export function findProxyAgent(url: URL, signal: AbortSignal): Agent | undefined {
  const proxy = findProxy(url);
  if (proxy === null) return undefined;
  // The signal is an option of the socket to the proxy, which the agent's type does not list.
  const agent = new HttpsProxyAgent(proxy, { ...onlyTrusted, signal });
  agent.on("proxyConnect", ({ statusCode }, request) => {
    if (statusCode !== 200) request.destroy(new Error(explainRefusal(proxy, statusCode)));
  });
  return agent;
}

/** The proxy meant for `url`; null where none is. Throws where the environment names none that can be used. */
export function findProxy(url: URL): URL | null {
  if (isLoopback(url)) return null;
  // A WebSocket goes the way of the scheme it begins with.
  const found = getProxyForUrl(url.href.replace(/^ws/, "http"));
  if (found === "") return null;
  // Named without a scheme it speaks plain HTTP; the library has put the scheme of `url` before it.
  const isWhole = Object.values(process.env).includes(found);
  const proxy = URL.parse(isWhole ? found : found.replace(/^https:/, "http:"));
  if (proxy !== null && ["http:", "https:"].includes(proxy.protocol)) return proxy;
  throw new Error("the proxy named in the environment has no http:// or https:// address");
}

function explainRefusal(proxy: URL, status: number): string {
  if (status !== 407) return `the proxy ${proxy.origin} does not let this through (${status})`;
  const how = `${proxy.protocol}//USER:PASSWORD@${proxy.host}`;
  return `the proxy ${proxy.origin} asks for another login (407): name it as ${how} in the environment`;
}

/**
 * For every connection that may carry a secret. Without it Node lets NODE_TLS_REJECT_UNAUTHORIZED switch the check off, which people
 * set for something else and forget: https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue
 */
export const onlyTrusted = { rejectUnauthorized: true } as const;

/** Has this process trust what the system trusts beside Node's own list, where this version of Node can. */
export function trustSystemCertificates(): void {
  // Since 22.19 and 24.5: https://nodejs.org/api/tls.html#tlssetdefaultcacertificatescerts
  const { getCACertificates, setDefaultCACertificates }: Partial<typeof tls> = tls;
  if (getCACertificates === undefined || setDefaultCACertificates === undefined) return;
  setDefaultCACertificates([...getCACertificates("default"), ...getCACertificates("system")]);
}

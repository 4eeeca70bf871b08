// Word that a call is still under way, for a client that asked for it.

import type { ServerContext } from "@modelcontextprotocol/server";

/** Clients give up on what says nothing for long; the contract is ten seconds. */
const everyMs = 5000;

/** Does `work`, and tells at once and every few seconds how long it takes. The last word is the answer itself. */
export async function withProgress<T>(ctx: ServerContext, tool: string, work: () => Promise<T>): Promise<T> {
  const { _meta: meta } = ctx.mcpReq;
  const token = meta?.progressToken;
  if (token === undefined) return await work();
  const beganAt = Date.now();
  let told = 0;
  const tell = (): void => {
    const progress = Math.max(told, Date.now() - beganAt);
    told = progress + 1;
    const params = { progressToken: token, progress, message: `${tool}: ${Math.round(progress / 1000)} s` };
    // Whoever is gone hears nothing of it; the call ends by its signal.
    ctx.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
  tell();
  const timer = setInterval(tell, everyMs);
  const stop = (): void => clearInterval(timer);
  ctx.mcpReq.signal.addEventListener("abort", stop);
  try {
    return await work();
  } finally {
    stop();
    ctx.mcpReq.signal.removeEventListener("abort", stop);
  }
}

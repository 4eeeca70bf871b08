// A request that makes something in the workspace. Under an `Idempotency-Key` it is done once, and a repeat tells the
// same secret.

import { tokenOf, type Caller } from "../access/authenticate.ts";
import { openWorkspace } from "../access/authorise.ts";
import { drawFrom, drawRandom, type Draw } from "../access/draw.ts";
import { identify } from "../access/idempotency.ts";
import { succeed, type Result } from "../result.ts";
import type { Call } from "./context.ts";

export interface Making {
  /** Under which the workspace keeps the answer; null: nobody repeats it. */
  readonly once: string | null;
  readonly draw: Draw;
}

/** `body`: the request's, as text. */
export async function readMaking(c: Call, caller: Caller, body: string): Promise<Result<Making>> {
  const identity = await identify(c.req.raw, caller, body);
  if (!identity.ok) return identity;
  const { answerKey: once, requestHash } = identity.value;
  if (once === null) return succeed({ once, draw: drawRandom });
  const salt = await openWorkspace(c.env, caller).beginOnce(caller.tokenId, once, requestHash);
  return salt.ok ? succeed({ once, draw: drawFrom(tokenOf(c.req.raw), salt.value) }) : salt;
}

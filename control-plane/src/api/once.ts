// A request that makes something in the workspace. Under an `Idempotency-Key` it is done once, and a repeat tells the
// same secret.

import type * as z from "zod";
import { tokenOf } from "../access/authenticate.ts";
import { openWorkspace } from "../access/authorise.ts";
import { drawFrom, drawRandom, type Draw } from "../access/draw.ts";
import { identify } from "../access/idempotency.ts";
import type { Need } from "../access/needs.ts";
import { succeed, type Result } from "../result.ts";
import { readAsked, type Asked, type Call } from "./context.ts";

export interface Making<T> extends Asked<T> {
  /** Under which the workspace keeps the answer; null: nobody repeats it. */
  readonly once: string | null;
  readonly draw: Draw;
}

/** Authorises the caller to `needs`, and reads the body by `schema`. */
export async function readMaking<T>(c: Call, schema: z.ZodType<T>, ...needs: Need[]): Promise<Result<Making<T>>> {
  const asked = await readAsked(c, schema, ...needs);
  if (!asked.ok) return asked;
  const { caller, text } = asked.value;
  const identity = await identify(c.req.raw, caller, text);
  if (!identity.ok) return identity;
  const { answerKey: once, requestHash } = identity.value;
  if (once === null) return succeed({ ...asked.value, once, draw: drawRandom });
  const salt = await openWorkspace(c.env, caller).beginOnce(caller.tokenId, once, requestHash);
  return salt.ok ? succeed({ ...asked.value, once, draw: drawFrom(tokenOf(c.req.raw), salt.value) }) : salt;
}

// The id of a command: derived from token and `Idempotency-Key` where one is given, so that a repeat finds the
// first one; random otherwise.

import { commandIdSchema, type CommandId } from "@longwire/shared/ids.ts";
import { maxIdempotencyKeyLength } from "@longwire/shared/limits.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Caller } from "./authenticate.ts";
import { sha256Hex } from "./digest.ts";

export interface RequestIdentity {
  /** Under which a workspace keeps the answer, bound to the caller; null where no key was given. */
  readonly answerKey: string | null;
  /** The id of the command this request asks for; `part` tells the commands of one request apart. */
  readonly commandId: (part: string) => Promise<CommandId>;
  /** Tells another request under the same key. */
  readonly requestHash: string;
}

/** Reads the key and binds it to caller, method, path and body. */
export async function identify(request: Request, caller: Caller, body: string): Promise<Result<RequestIdentity>> {
  const { pathname, search } = new URL(request.url);
  return await identifyBy(request.headers.get("Idempotency-Key"), caller, [request.method, pathname, search, body]);
}

/** The same for a request that says in another way what it asks for: `asked`, in one order for one request. */
export async function identifyBy(
  key: string | null,
  caller: Caller,
  asked: readonly string[],
): Promise<Result<RequestIdentity>> {
  if (key !== null && (key === "" || key.length > maxIdempotencyKeyLength)) {
    const message = `must have 1 to ${maxIdempotencyKeyLength} characters`;
    const errors = [{ path: "Idempotency-Key", message }];
    return refuse({ code: "invalid_request", detail: `Idempotency-Key ${message}`, errors });
  }
  const base = key ?? crypto.randomUUID();
  return succeed({
    answerKey: key === null ? null : await sha256Hex(JSON.stringify([caller.tokenHash, key])),
    commandId: async (part) =>
      commandIdSchema.parse((await sha256Hex(JSON.stringify([caller.tokenHash, base, part]))).slice(0, 32)),
    requestHash: await sha256Hex(JSON.stringify(asked)),
  });
}

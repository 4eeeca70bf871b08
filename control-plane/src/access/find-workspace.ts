// The workspace that a token, a ticket or a code names.

import { toHex } from "@longwire/shared/token.ts";
import type { Env } from "../env.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Its object; null where none is named. Ids the namespace never gave name none, so that nobody makes an object. */
export function findWorkspace(env: Env, id: Uint8Array | null): DurableObjectStub<Workspace> | null {
  if (id === null) return null;
  try {
    return env.WORKSPACES.get(env.WORKSPACES.idFromString(toHex(id)));
  } catch {
    return null;
  }
}

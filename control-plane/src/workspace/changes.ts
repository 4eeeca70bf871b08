// What can change in a workspace, and who changed it.

import type { MachineEntry } from "./grant.ts";
import type { NewToken } from "./tokens.ts";

/** Whoever does something, by the token it is done with. */
export interface Actor {
  readonly tokenId: string;
  readonly tokenName: string;
}

export type WorkspaceChange =
  | { readonly type: "machine_enrolled"; readonly machine: MachineEntry }
  | { readonly type: "token_created"; readonly token: Omit<NewToken, "hash"> }
  | { readonly type: "token_revoked"; readonly token: { readonly id: string; readonly name: string } };

// What a token allows, as the Worker knows it.

import type { Scope } from "@longwire/shared/scopes.ts";

export interface MachineEntry {
  readonly id: string;
  readonly name: string;
}

export interface Grant {
  /** The workspace's object, in hexadecimal. */
  readonly workspace: string;
  readonly tokenId: string;
  /** What people call the token; with `tokenId` the actor of what is done with it. */
  readonly tokenName: string;
  /** `runner` opens its machine's link and nothing else; `operator` is everybody else's. */
  readonly kind: "operator" | "runner";
  /** Whether it is an operator's that a page signed in with. */
  readonly isSession?: boolean;
  readonly scopes: readonly Scope[];
  /** The machines the token reaches. */
  readonly machines: readonly MachineEntry[];
  /** When it ends, in milliseconds; null: never. */
  readonly expiresAt: number | null;
}

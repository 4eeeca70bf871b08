// What a token allows, as the Worker knows it.

export const scopes = ["read", "run", "input", "approve", "admin"] as const;
export type Scope = (typeof scopes)[number];

export interface MachineEntry {
  readonly id: string;
  readonly name: string;
}

export interface Grant {
  readonly tokenId: string;
  /** `runner` opens its machine's link and nothing else; `operator` is everybody else's. */
  readonly kind: "operator" | "runner";
  readonly scopes: readonly Scope[];
  /** The machines the token reaches. */
  readonly machines: readonly MachineEntry[];
}

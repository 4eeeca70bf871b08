// What a token can allow: `read` views, output and events; `run` start, stop, signal, restart; `input` write and
// resize; `approve` decide what a machine's owner left to be decided remotely; `admin` tokens, invites, forgetting.

export const scopes = ["read", "run", "input", "approve", "admin"] as const;
export type Scope = (typeof scopes)[number];

// A caller as an audit names it.

import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { Caller } from "./authenticate.ts";

export function actorOf({ tokenId, tokenName, kind }: Caller): Actor {
  return { kind, token_id: tokenId, name: tokenName };
}

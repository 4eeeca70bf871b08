// Sessions of a workspace: tokens that pages get for a one-time secret. None reaches further than the token its secret
// was made with, and none outlasts half a day.

import type { SignInRequest } from "@longwire/shared/api/sessions.ts";
import type { Token } from "@longwire/shared/api/tokens.ts";
import { maxNameLength, sessionLifeMs } from "@longwire/shared/limits.ts";
import { refuse, type Result, succeed } from "../result.ts";
import type { MachineEntry } from "./grant.ts";
import { narrow } from "./reach.ts";
import { SignIns } from "./sign-ins.ts";
import { notValid, presentToken, type KeptToken, type NewToken, type Tokens } from "./tokens.ts";

export interface SessionsParts {
  readonly sql: SqlStorage;
  readonly tokens: Tokens;
  readonly machines: () => readonly MachineEntry[];
  /** Keeps a token in the name of the one its secret was made with, and says so in the audit. */
  readonly keep: (maker: KeptToken, token: NewToken, now: number) => void;
}

export class Sessions {
  readonly #parts: SessionsParts;
  readonly #signIns: SignIns;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#signIns = new SignIns(parts.sql);
  }

  /** Keeps a one-time secret for a session that reaches no further than `own`; when it ends. */
  prepare(own: KeptToken, hash: string, { scopes, machines }: SignInRequest, now: number): Result<number> {
    const asked = { scopes: scopes ?? own.scopes, machines };
    const reach = narrow(own, asked, this.#parts.machines(), now);
    return reach.ok ? this.#signIns.add(hash, { token: own.id, reach: reach.value }, now) : reach;
  }

  /** Exchanges a one-time secret for a session, whose token was made already. */
  begin(hash: string, made: Pick<NewToken, "id" | "hash">, now: number): Result<Token> {
    const { tokens, keep } = this.#parts;
    const signIn = this.#signIns.take(hash, now);
    const maker = signIn === null ? null : tokens.find(signIn.token, now);
    if (signIn === null || maker === null) return refuse(notValid);
    const full = tokens.findNoRoom(now);
    if (full !== null) return refuse(full);
    const expiresAt = Math.min(now + sessionLifeMs, maker.expiresAt ?? Infinity);
    const name = `session of ${maker.name}`.slice(0, maxNameLength);
    const token = { ...made, name, kind: "operator", isSession: true, ...signIn.reach, expiresAt } as const;
    keep(maker, token, now);
    return succeed(presentToken({ ...token, createdAt: now, lastUsedAt: null }));
  }
}

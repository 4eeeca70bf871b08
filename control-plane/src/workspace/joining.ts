// How machines and people come into a workspace: by join codes, each made by a token and good once.

import type { InviteRequest } from "@longwire/shared/api/invites.ts";
import type { Token } from "@longwire/shared/api/tokens.ts";
import { maxInvites } from "@longwire/shared/limits.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { actorOf, type Actor, type WorkspaceChange } from "./changes.ts";
import type { MachineEntry } from "./grant.ts";
import { codeRefused, Invites, refuseUse, type Invitation } from "./invites.ts";
import type { Machines } from "./machines.ts";
import { narrow } from "./reach.ts";
import { presentToken, type KeptToken, type NewToken, type Tokens } from "./tokens.ts";

export interface JoiningParts {
  readonly sql: SqlStorage;
  readonly tokens: Tokens;
  readonly machines: Machines;
  /** Makes changes as one, with their audit. */
  readonly change: (by: Actor | null, changes: readonly WorkspaceChange[], apply: () => void) => void;
  /** To be called in the turn in which a machine joins. */
  readonly onJoined: (machine: string, now: number) => void;
}

export class Joining {
  readonly #parts: JoiningParts;
  readonly #invites: Invites;

  constructor(parts: JoiningParts) {
    this.#parts = parts;
    this.#invites = new Invites(parts.sql);
  }

  /** Takes in the first machine, with the tokens made for it. */
  enroll(machine: MachineEntry, tokens: readonly NewToken[], now: number): void {
    this.#parts.change(null, [{ type: "machine_enrolled", machine }], () => {
      this.#parts.machines.add(machine, now);
      for (const token of tokens) this.#parts.tokens.add(token, now);
    });
  }

  /** Takes in a further machine by a join code, which is good no more then. */
  join(codeHash: string, machine: MachineEntry, token: NewToken, now: number): Result<null> {
    const { machines, tokens, change, onJoined } = this.#parts;
    const found = this.#find(codeHash, "machine", now);
    if (!found.ok) return found;
    const refusal = machines.refusal(machine.name);
    if (refusal !== null) return refuse(refusal);
    const changes = [
      { type: "invite_redeemed", invitation: found.value } as const,
      { type: "machine_enrolled", machine } as const,
    ];
    change(null, changes, () => {
      this.#invites.use(found.value.id, now);
      machines.add(machine, now);
      tokens.add(token, now);
      onJoined(machine.id, now);
    });
    return succeed(null);
  }

  /** Keeps a token made for whoever has the join code, which is good no more then. */
  redeem(codeHash: string, made: Pick<NewToken, "id" | "hash">, now: number): Result<Token> {
    const { tokens, change } = this.#parts;
    const found = this.#find(codeHash, "token", now);
    if (!found.ok) return found;
    const full = tokens.findNoRoom(now);
    if (full !== null) return refuse(full);
    const { name, scopes, machines, expiresAt, id } = found.value;
    const facts = { id: made.id, name, kind: "operator", scopes, machines, expiresAt } as const;
    const changes = [
      { type: "invite_redeemed", invitation: found.value } as const,
      { type: "token_created", token: facts } as const,
    ];
    change(null, changes, () => {
      this.#invites.use(id, now);
      tokens.add({ ...facts, hash: made.hash }, now);
    });
    return succeed(presentToken({ ...facts, createdAt: now, lastUsedAt: null }));
  }

  /** What a code is good for. It is good for nothing once the token that made it has ended. */
  #find(codeHash: string, kind: Invitation["kind"], now: number): Result<Invitation> {
    const found = this.#invites.look(codeHash, now);
    if (!found.ok) return found;
    if (this.#parts.tokens.find(found.value.madeBy, now) === null) return refuse(codeRefused);
    return found.value.kind === kind ? found : refuse(refuseUse(found.value.kind, kind));
  }

  /** Keeps an invitation that was made for whoever asks; when it ends, in milliseconds. */
  invite(
    own: KeptToken,
    made: { readonly id: string; readonly hash: string },
    request: InviteRequest,
    now: number,
  ): Result<number> {
    if (!this.#invites.hasRoom(now)) {
      const detail = `This workspace has ${maxInvites} join codes open.`;
      return refuse({ code: "limit_reached", detail, hint: "Wait until some are used or have ended." });
    }
    if (request.kind === "machine" && own.machines !== null) {
      const detail = "Only a token that reaches all machines lets another one join.";
      return refuse({ code: "insufficient_scope", detail });
    }
    const asked = request.kind === "machine" ? { scopes: [] } : request;
    const reach = narrow(own, asked, this.#parts.machines.list(), now);
    if (!reach.ok) return reach;
    const name = request.kind === "machine" ? "" : request.name;
    const invitation: Invitation = { id: made.id, kind: request.kind, name, madeBy: own.id, ...reach.value };
    let endsAt = now;
    this.#parts.change(actorOf(own), [{ type: "invite_made", invitation }], () => {
      endsAt = this.#invites.add(made.hash, invitation, now);
    });
    return succeed(endsAt);
  }
}

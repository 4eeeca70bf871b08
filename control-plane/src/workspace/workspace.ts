// The object of one workspace: which machines it has, and the tokens that reach them, kept as hashes only. Whoever asks
// for a change is looked up again here, so an answer that the Worker kept for a moment changes nothing.

import { DurableObject } from "cloudflare:workers";
import type { Token, TokenList, TokenRequest, TokensQuery } from "@longwire/shared/api/tokens.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { maxTickets, maxTokens } from "@longwire/shared/limits.ts";
import { AuditChain, type AuditPage, type AuditQuery } from "../audit/chain.ts";
import type { Env } from "../env.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { describeChange, type Actor, type WorkspaceChange } from "./changes.ts";
import type { Grant, MachineEntry } from "./grant.ts";
import { Notices } from "./notices.ts";
import { coversMachines, machinesOf, narrow } from "./reach.ts";
import { createTables } from "./schema.ts";
import { Tickets } from "./tickets.ts";
import { pageTokens, presentToken, Tokens, type KeptToken, type NewToken } from "./tokens.ts";

export class Workspace extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #tokens: Tokens;
  readonly #tickets: Tickets;
  readonly #audit: AuditChain;
  readonly #notices: Notices;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    this.#sql = context.storage.sql;
    createTables(this.#sql);
    this.#tokens = new Tokens(this.#sql);
    this.#tickets = new Tickets(this.#sql);
    this.#audit = new AuditChain(this.#sql);
    this.#notices = new Notices(context.storage, env);
  }

  /** Every change goes through here, as one transaction with its audit; `by` is null where nobody's token asked for it. */
  #change(by: Actor | null, change: WorkspaceChange, apply: () => void): void {
    try {
      this.ctx.storage.transactionSync(() => {
        apply();
        this.#audit.append(describeChange(by, change), Date.now());
      });
    } catch (error) {
      this.#audit.reread();
      throw error;
    }
  }

  /** Entries of the workspace's audit, oldest first. Whoever reaches some machines alone does not see who has the others. */
  readAudit(by: string, query: AuditQuery): Result<AuditPage> {
    const own = this.#admin(by, Date.now());
    if (!own.ok) return own;
    if (own.value.machines === null) return succeed(this.#audit.read(query));
    const detail = "This needs a token that reaches all machines of the workspace.";
    return refuse({ code: "insufficient_scope", detail, hint: "Each machine has an audit of its own." });
  }

  get #machines(): MachineEntry[] {
    return this.#sql
      .exec<{ id: string; name: string }>(`SELECT id, name FROM machines ORDER BY created_at, id`)
      .toArray();
  }

  /** Takes in a machine with the tokens made for it. */
  enroll(machine: MachineEntry, tokens: readonly NewToken[]): void {
    const now = Date.now();
    this.#change(null, { type: "machine_enrolled", machine }, () => {
      this.#sql.exec(`INSERT INTO machines (id, name, created_at) VALUES (?, ?, ?)`, machine.id, machine.name, now);
      for (const token of tokens) this.#tokens.add(token, now);
    });
  }

  /** What the token with this hash allows; null where there is none. */
  verify(hash: string): Grant | null {
    const token = this.#tokens.use(hash, Date.now());
    return token === null ? null : this.#grant(token);
  }

  #grant(token: KeptToken): Grant {
    return {
      workspace: this.ctx.id.toString(),
      tokenId: token.id,
      tokenName: token.name,
      kind: token.kind,
      scopes: token.scopes,
      machines: [...machinesOf(token, this.#machines)],
      expiresAt: token.expiresAt,
    };
  }

  /** Keeps a ticket in the name of token `by`; when it ends. `machine`: the only one it is for. */
  createTicket(by: string, hash: string, machine: string | null): Result<number> {
    const now = Date.now();
    if (this.#tokens.find(by, now) === null) return refuse(notValid);
    const expiresAt = this.#tickets.add(hash, { token: by, machine }, now);
    if (expiresAt !== null) return succeed(expiresAt);
    const detail = `This workspace has ${maxTickets} tickets that nobody used yet.`;
    return refuse({ code: "limit_reached", detail, hint: "Ask for a ticket just before it is needed." });
  }

  /** What the ticket with this hash allows, once; null where there is none, or its token is not valid any more. */
  useTicket(hash: string): Grant | null {
    const now = Date.now();
    const ticket = this.#tickets.take(hash, now);
    const token = ticket === null ? null : this.#tokens.find(ticket.token, now);
    if (ticket === null || token === null) return null;
    const grant = this.#grant(token);
    const { machine } = ticket;
    return machine === null ? grant : { ...grant, machines: grant.machines.filter(({ id }) => id === machine) };
  }

  /** The token behind `by` as it is now, if it may change the workspace. */
  #admin(by: string, now: number): Result<KeptToken> {
    const own = this.#tokens.find(by, now);
    if (own === null) return refuse(notValid);
    if (own.scopes.includes("admin")) return succeed(own);
    return refuse({ code: "insufficient_scope", detail: "This needs a token with the scope `admin`." });
  }

  /** Tokens that reach no machine the asking one does not. */
  listTokens(by: string, query: TokensQuery): Result<TokenList> {
    const now = Date.now();
    const own = this.#admin(by, now);
    if (!own.ok) return own;
    return succeed(
      pageTokens(
        this.#tokens.list(now).filter((token) => coversMachines(own.value, token)),
        query,
      ),
    );
  }

  /** Keeps a token that was made for whoever asks; it reaches no further than the asking one. */
  createToken(by: string, made: Pick<NewToken, "id" | "hash">, request: TokenRequest): Result<Token> {
    const now = Date.now();
    const own = this.#admin(by, now);
    if (!own.ok) return own;
    this.#tokens.clean(now);
    if (this.#tokens.count >= maxTokens) {
      const detail = `This workspace has ${maxTokens} tokens.`;
      return refuse({ code: "limit_reached", detail, hint: "Revoke tokens that are not needed any more." });
    }
    const reach = narrow(own.value, request, this.#machines, now);
    if (!reach.ok) return reach;
    const facts = { id: made.id, name: request.name, kind: "operator", ...reach.value } as const;
    this.#change(actor(own.value), { type: "token_created", token: facts }, () => {
      this.#tokens.add({ ...facts, hash: made.hash }, now);
    });
    return succeed(presentToken({ ...facts, createdAt: now, lastUsedAt: null }));
  }

  /** Ends a token, and what is open with it. */
  async revokeToken(by: string, id: string): Promise<Result<null>> {
    const now = Date.now();
    const own = this.#admin(by, now);
    if (!own.ok) return own;
    const token = this.#tokens.find(id, now);
    if (token === null || !coversMachines(own.value, token)) {
      return refuse({
        code: "not_found",
        detail: `No token ${JSON.stringify(id)}.`,
        hint: "GET /v1/tokens lists what exists.",
      });
    }
    if (isOwner(token) && this.#tokens.list(now).filter(isOwner).length === 1) {
      const detail = "This is the last token that reaches all machines with the scope `admin` and never ends.";
      return refuse({ code: "limit_reached", detail, hint: "Make another such token first, then revoke this one." });
    }
    this.#change(actor(own.value), { type: "token_revoked", token: { id, name: token.name } }, () => {
      this.#tokens.remove(id);
      const reached = machinesOf(token, this.#machines).map((machine) => machine.id);
      this.#notices.add(reached, id, now);
    });
    await this.#notices.deliver();
    return succeed(null);
  }

  /** Machines that did not hear of a change when it was made. */
  override async alarm(): Promise<void> {
    await this.#notices.deliver();
  }
}

const notValid: Refusal = { code: "unauthorized", detail: "This token is not valid any more." };

/** Whether the workspace can be looked after with this token for ever. */
function isOwner({ scopes, machines, expiresAt }: KeptToken): boolean {
  return scopes.includes("admin") && machines === null && expiresAt === null;
}

const actor = ({ id, name }: KeptToken): Actor => ({ tokenId: id, tokenName: name });

// The object of one workspace: which machines it has, and the tokens that reach them, kept as hashes only. Whoever asks
// for a change is looked up again here, so an answer that the Worker kept for a moment changes nothing.

import { DurableObject } from "cloudflare:workers";
import type { SignInRequest } from "@longwire/shared/api/sessions.ts";
import type { Token, TokenList, TokenRequest, TokensQuery } from "@longwire/shared/api/tokens.ts";
import type { InviteRequest } from "@longwire/shared/api/invites.ts";
import type { WebhookRequest } from "@longwire/shared/api/webhook-requests.ts";
import type { Webhook, WebhookList } from "@longwire/shared/api/webhooks.ts";
import { AuditChain, type AuditPage, type AuditQuery } from "../audit/chain.ts";
import { authorise } from "../access/needs.ts";
import type { Env } from "../env.ts";
import { OneAlarm } from "../one-alarm.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { MadeWebhook } from "../webhooks/new-webhook.ts";
import type { OwedEvent } from "../webhooks/orders.ts";
import { Webhooks } from "../webhooks/webhooks.ts";
import { actorOf, describeChange, type Actor, type WorkspaceChange } from "./changes.ts";
import type { Grant, MachineEntry } from "./grant.ts";
import { Joining } from "./joining.ts";
import { Machines } from "./machines.ts";
import { Notices } from "./notices.ts";
import { Once } from "./once.ts";
import { coversMachines, machinesOf, narrow } from "./reach.ts";
import { createTables } from "./schema.ts";
import { Sessions } from "./sessions.ts";
import { Tickets } from "./tickets.ts";
import { grantOf, notValid, pageTokens, presentToken, Tokens, type KeptToken, type NewToken } from "./tokens.ts";

/** The id of a secret that was made, and what is kept of it. */
type Made = Pick<NewToken, "id" | "hash">;

export class Workspace extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #machines: Machines;
  readonly #tokens: Tokens;
  readonly #tickets: Tickets;
  readonly #joining: Joining;
  readonly #sessions: Sessions;
  readonly #once: Once;
  readonly #audit: AuditChain;
  readonly #notices: Notices;
  readonly #webhooks: Webhooks;
  readonly #alarm: OneAlarm;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    this.#sql = context.storage.sql;
    createTables(this.#sql);
    this.#machines = new Machines(this.#sql);
    this.#tokens = new Tokens(this.#sql);
    this.#tickets = new Tickets(this.#sql);
    this.#joining = new Joining({
      sql: this.#sql,
      tokens: this.#tokens,
      machines: this.#machines,
      change: (...changed) => this.#change(...changed),
      onJoined: (...joined) => this.#webhooks.machineJoined(...joined),
    });
    this.#sessions = new Sessions({
      sql: this.#sql,
      tokens: this.#tokens,
      machines: () => this.#machines.list(),
      keep: (maker, token, now) => this.#keep(maker, token, now),
    });
    this.#once = new Once(this.#sql);
    this.#audit = new AuditChain(this.#sql);
    this.#alarm = new OneAlarm(context.storage);
    const parts = { sql: this.#sql, alarm: this.#alarm };
    this.#notices = new Notices({ ...parts, env, ordersFor: (machine) => this.#webhooks.ordersFor(machine) });
    this.#webhooks = new Webhooks({
      ...parts,
      workspace: context.id.toString(),
      rules: env.WEBHOOK_TARGETS === "loopback" ? "loopback" : "public",
      machines: this.#machines,
      change: (...changed) => this.#change(...changed),
      tell: (...told) => this.#notices.addWebhooks(...told),
    });
  }

  /** Every change goes through here, as one transaction with its audit; `by` is null where nobody's token asked for it. */
  #change(by: Actor | null, changes: readonly WorkspaceChange[], apply: () => void): void {
    try {
      this.ctx.storage.transactionSync(() => {
        apply();
        for (const change of changes) this.#audit.append(describeChange(by, change), Date.now());
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

  /** Takes in the first machine, with the tokens made for it. */
  enroll(machine: MachineEntry, tokens: readonly NewToken[]): void {
    this.#joining.enroll(machine, tokens, Date.now());
  }

  /** Takes in a further machine by a join code, which is good no more then. */
  join(codeHash: string, machine: MachineEntry, token: NewToken): Result<null> {
    return this.#joining.join(codeHash, machine, token, Date.now());
  }

  /** Keeps a token made for whoever has the join code, which is good no more then. */
  redeem(codeHash: string, made: Pick<NewToken, "id" | "hash">): Result<Token> {
    return this.#joining.redeem(codeHash, made, Date.now());
  }

  /** Keeps an invitation that was made for whoever asks; when it ends, in milliseconds. */
  invite(by: string, made: Made, request: InviteRequest, once: string | null = null): Result<number> {
    const now = Date.now();
    const own = this.#admin(by, now);
    return own.ok ? this.#once.run(once, () => this.#joining.invite(own.value, made, request, now)) : own;
  }

  /** Forgets a machine with its tokens, and has its object forget all it knows. */
  async removeMachine(by: string, id: string): Promise<Result<null>> {
    const now = Date.now();
    const own = this.#admin(by, now);
    if (!own.ok) return own;
    const machine = machinesOf(own.value, this.#machines.list()).find((one) => one.id === id);
    if (machine === undefined) return refuse({ code: "not_found", detail: `No machine ${JSON.stringify(id)}.` });
    this.#change(actorOf(own.value), [{ type: "machine_deleted", machine }], () => {
      this.#machines.remove(id);
      this.#tokens.removeMachine(id);
      this.#webhooks.machineRemoved(id);
      this.#notices.addRemoval(id, now);
    });
    await this.#notices.deliver();
    return succeed(null);
  }

  /** What the token with this hash allows; null where there is none. */
  verify(hash: string): Grant | null {
    const token = this.#tokens.use(hash, Date.now());
    return token === null ? null : this.#grant(token);
  }

  #grant(token: KeptToken): Grant {
    return grantOf(token, this.ctx.id.toString(), this.#machines.list());
  }

  /** The salt of what token `by` asks for under `key`, which is the same for its repeats alone. */
  beginOnce(by: string, key: string, requestHash: string): Result<string> {
    const now = Date.now();
    return this.#tokens.find(by, now) === null ? refuse(notValid) : this.#once.begin(key, requestHash, now);
  }

  /** Keeps a ticket in the name of token `by`; when it ends. `machine`: the only one it is for. */
  createTicket(by: string, hash: string, machine: string | null): Result<number> {
    const now = Date.now();
    if (this.#tokens.find(by, now) === null) return refuse(notValid);
    return this.#tickets.add(hash, { token: by, machine }, now);
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
    const seen = this.#tokens.list(now).filter((token) => coversMachines(own.value, token));
    return succeed(pageTokens(seen, query));
  }

  /** Keeps a token that was made for whoever asks; it reaches no further than the asking one. */
  createToken(by: string, made: Made, request: TokenRequest, once: string | null = null): Result<Token> {
    const now = Date.now();
    const own = this.#admin(by, now);
    return own.ok ? this.#once.run(once, () => this.#makeToken(own.value, made, request, now)) : own;
  }

  #makeToken(own: KeptToken, made: Made, request: TokenRequest, now: number): Result<Token> {
    const full = this.#tokens.findNoRoom(now);
    if (full !== null) return refuse(full);
    const reach = narrow(own, request, this.#machines.list(), now);
    if (!reach.ok) return reach;
    const token = { ...made, name: request.name, kind: "operator", ...reach.value } as const;
    this.#keep(own, token, now);
    return succeed(presentToken({ ...token, createdAt: now, lastUsedAt: null }));
  }

  #keep(by: KeptToken, token: NewToken, now: number): void {
    const { hash: _, ...facts } = token;
    this.#change(actorOf(by), [{ type: "token_created", token: facts }], () => this.#tokens.add(token, now));
  }

  /** Keeps a one-time secret for a session that reaches no further than the asking token; when it ends. */
  createSignIn(by: string, hash: string, request: SignInRequest, once: string | null = null): Result<number> {
    const now = Date.now();
    const own = this.#admin(by, now);
    return own.ok ? this.#once.run(once, () => this.#sessions.prepare(own.value, hash, request, now)) : own;
  }

  /** Exchanges a one-time secret for a session, which ends with the token its secret was made with at the latest. */
  signIn(hash: string, made: Pick<NewToken, "id" | "hash">): Result<Token> {
    return this.#sessions.begin(hash, made, Date.now());
  }

  /** Ends the session that asks for it, and what is open with it. */
  async signOut(by: string): Promise<Result<null>> {
    const own = this.#tokens.find(by, Date.now());
    if (own === null || own.isSession !== true) return refuse(notValid);
    return await this.#end(own, own);
  }

  /** Ends a token, and what is open with it. */
  async revokeToken(by: string, id: string): Promise<Result<null>> {
    const now = Date.now();
    const own = this.#admin(by, now);
    if (!own.ok) return own;
    const token = this.#tokens.findRevocable(own.value, id, now);
    return token.ok ? await this.#end(own.value, token.value) : token;
  }

  async #end(by: KeptToken, token: KeptToken): Promise<Result<null>> {
    const { id, name } = token;
    this.#change(actorOf(by), [{ type: "token_revoked", token: { id, name } }], () => {
      this.#tokens.remove(id);
      const reached = machinesOf(token, this.#machines.list()).map((machine) => machine.id);
      this.#notices.add(reached, id, Date.now());
    });
    await this.#notices.deliver();
    return succeed(null);
  }

  /** Keeps a webhook that was made for whoever asks, and tells the machines what to look out for. */
  async createWebhook(
    by: string,
    made: MadeWebhook,
    request: WebhookRequest,
    once: string | null = null,
  ): Promise<Result<Webhook>> {
    const now = Date.now();
    const own = this.#admin(by, now);
    if (!own.ok) return own;
    // What it is told of is output and events: nobody hands on what they may not see.
    const mayRead = authorise({ kind: "operator", scopes: own.value.scopes }, "read");
    if (!mayRead.ok) return mayRead;
    const webhook = this.#once.run(once, () => this.#webhooks.create(own.value, made, request, now));
    if (webhook.ok) await this.#notices.deliver();
    return webhook;
  }

  listWebhooks(by: string, query: TokensQuery): Result<WebhookList> {
    const own = this.#admin(by, Date.now());
    return own.ok ? succeed(this.#webhooks.list(own.value, query)) : own;
  }

  async deleteWebhook(by: string, id: string): Promise<Result<null>> {
    const now = Date.now();
    const own = this.#admin(by, now);
    if (!own.ok) return own;
    const removed = this.#webhooks.remove(own.value, id, now);
    if (removed.ok) await this.#notices.deliver();
    return removed;
  }

  /** Takes in what one of its machines has to tell, and sends it behind the caller's back. */
  tellWebhooks(machine: string, events: readonly OwedEvent[], dropped: Readonly<Record<string, number>>): void {
    this.#webhooks.take(machine, events, dropped, Date.now());
    this.ctx.waitUntil(this.#webhooks.send());
  }

  /** Machines that did not hear of a change when it was made, and deliveries whose time has come. */
  override async alarm(): Promise<void> {
    this.#alarm.fired();
    await Promise.all([this.#notices.deliver(), this.#webhooks.send()]);
  }
}

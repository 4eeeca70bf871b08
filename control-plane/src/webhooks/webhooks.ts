// The webhooks of a workspace: who may make them, what each machine is told of them, and what of an event is sent.

import type { WebhookRequest } from "@longwire/shared/api/webhook-requests.ts";
import type { Webhook, WebhookList } from "@longwire/shared/api/webhooks.ts";
import type { TokensQuery } from "@longwire/shared/api/tokens.ts";
import { maxWebhooks } from "@longwire/shared/limits.ts";
import type { OneAlarm } from "../one-alarm.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { actorOf, type Actor, type WorkspaceChange } from "../workspace/changes.ts";
import type { Machines } from "../workspace/machines.ts";
import { coversMachines, machinesOf, narrow } from "../workspace/reach.ts";
import type { KeptToken } from "../workspace/tokens.ts";
import { Deliveries } from "./deliveries.ts";
import { KeptWebhooks, type KeptWebhook } from "./kept-webhooks.ts";
import type { MadeWebhook } from "./new-webhook.ts";
import type { OwedEvent, WebhookOrders } from "./orders.ts";
import { Sender } from "./sender.ts";
import { findTargetFault, type TargetRules } from "./target.ts";

export interface WebhooksParts {
  readonly sql: SqlStorage;
  readonly alarm: OneAlarm;
  /** The workspace's object, in hexadecimal. */
  readonly workspace: string;
  readonly rules: TargetRules;
  readonly machines: Machines;
  /** Makes changes as one, with their audit. */
  readonly change: (by: Actor | null, changes: readonly WorkspaceChange[], apply: () => void) => void;
  /** These machines are to be told anew, by their ids. To be called in the turn of the change. */
  readonly tell: (machines: readonly string[], version: number, now: number) => void;
}

export class Webhooks {
  readonly #parts: WebhooksParts;
  readonly #kept: KeptWebhooks;
  readonly #deliveries: Deliveries;
  readonly #sender: Sender;

  constructor(parts: WebhooksParts) {
    this.#parts = parts;
    this.#kept = new KeptWebhooks(parts.sql);
    this.#deliveries = new Deliveries(parts.sql);
    const { alarm, rules } = parts;
    const giveUp = (webhook: KeptWebhook, reason: string, now: number): void => this.#disable(webhook, reason, now);
    this.#sender = new Sender({ alarm, rules, webhooks: this.#kept, deliveries: this.#deliveries, giveUp });
  }

  /** Keeps a webhook that was made for whoever asks; it is told of no machine the asking token does not reach. */
  create(own: KeptToken, made: MadeWebhook, request: WebhookRequest, now: number): Result<Webhook> {
    const fault = findTargetFault(request.url, this.#parts.rules);
    if (fault !== null) {
      return refuse({ code: "invalid_request", detail: `url: ${fault}`, errors: [{ path: "url", message: fault }] });
    }
    if (this.#kept.list().length >= maxWebhooks) {
      const detail = `This workspace has ${maxWebhooks} webhooks.`;
      return refuse({ code: "limit_reached", detail, hint: "Delete those that are not needed any more." });
    }
    const { machines } = request;
    const reach = narrow(own, { scopes: [], machines }, this.#parts.machines.list(), now);
    if (!reach.ok) return reach;
    const kept = { url: new URL(request.url).href, machines: reach.value.machines, madeBy: own.id };
    let webhook: KeptWebhook | null = null;
    const { id } = made;
    this.#parts.change(actorOf(own), [{ type: "webhook_created", webhook: { id, ...request, ...kept } }], () => {
      webhook = this.#kept.add(made, request, kept, now);
      this.#tell(webhook, now);
    });
    return webhook === null
      ? refuse({ code: "internal", detail: "It was not kept." })
      : succeed(this.#present(webhook));
  }

  /** Those that are told of no machine the asking token does not reach, oldest first. */
  list(own: KeptToken, { limit, cursor }: TokensQuery): WebhookList {
    const [time = "", id = ""] = cursor?.split(".") ?? [];
    const isBehind = (one: KeptWebhook): boolean =>
      cursor === undefined || one.createdAt > Number(time) || (one.createdAt === Number(time) && one.id > id);
    const rest = this.#kept.list().filter((one) => coversMachines(own, one) && isBehind(one));
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const next = last === undefined || rest.length <= limit ? null : `${last.createdAt}.${last.id}`;
    return { items: page.map((one) => this.#present(one)), next_cursor: next };
  }

  #present(webhook: KeptWebhook): Webhook {
    const { id, name, url, events, machines, process, tag, pattern, dropped } = webhook;
    return {
      ...{ id, name, url, events: [...events], machines: machines === null ? null : [...machines] },
      ...{ process, tag, pattern, made_by: webhook.madeBy, created_at: new Date(webhook.createdAt).toISOString() },
      failing_since: toTime(webhook.failingSince),
      disabled_at: toTime(webhook.disabledAt),
      waiting: this.#deliveries.waiting(id),
      dropped,
      results: this.#deliveries.results(id),
    };
  }

  /** From this turn on nothing is sent to it. */
  remove(own: KeptToken, id: string, now: number): Result<null> {
    const webhook = this.#kept.find(id);
    if (webhook === null || !coversMachines(own, webhook)) {
      const hint = "GET /v1/webhooks lists what exists.";
      return refuse({ code: "not_found", detail: `No webhook ${JSON.stringify(id)}.`, hint });
    }
    this.#parts.change(actorOf(own), [{ type: "webhook_deleted", webhook }], () => {
      this.#kept.remove(id);
      this.#deliveries.removeOf(id);
      this.#tell(webhook, now);
    });
    this.#sender.stop(id);
    return succeed(null);
  }

  #disable(webhook: KeptWebhook, reason: string, now: number): void {
    this.#parts.change(null, [{ type: "webhook_disabled", webhook, reason }], () => {
      this.#kept.disable(webhook.id, now);
      this.#deliveries.giveUp(webhook.id, "The webhook is disabled.");
      this.#tell(webhook, now);
    });
  }

  #tell(webhook: KeptWebhook, now: number): void {
    const reached = machinesOf(webhook, this.#parts.machines.list()).map(({ id }) => id);
    this.#parts.tell(reached, this.#kept.version, now);
  }

  /** A machine joined: it is to know what there is to be told. In the turn in which it does. */
  machineJoined(machine: string, now: number): void {
    if (this.ordersFor(machine).interests.length > 0) this.#parts.tell([machine], this.#kept.version, now);
  }

  machineRemoved(machine: string): void {
    this.#kept.removeMachine(machine);
    this.#deliveries.removeMachine(machine);
  }

  /** What a machine's object is to look out for. */
  ordersFor(machine: string): WebhookOrders {
    const wanted = this.#kept.list().filter((one) => isFor(one, machine));
    const interests = wanted.map(({ id, events, process, tag, pattern }) => ({ id, events, process, tag, pattern }));
    return { workspace: this.#parts.workspace, version: this.#kept.version, interests };
  }

  /**
   * Takes in what a machine has to tell, each event once. `dropped`: how many it had no room for, by webhook. What
   * nobody wants any more is passed over.
   */
  take(machine: string, events: readonly OwedEvent[], dropped: Readonly<Record<string, number>>, now: number): void {
    if (!this.#parts.machines.list().some(({ id }) => id === machine)) return;
    const lost = new Map(Object.entries(dropped));
    for (const event of events) {
      const webhook = this.#kept.find(event.webhook);
      if (webhook === null || !isFor(webhook, machine)) continue;
      if (!this.#deliveries.add(event, machine, now)) lost.set(webhook.id, (lost.get(webhook.id) ?? 0) + 1);
    }
    for (const [id, count] of lost) this.#kept.addDropped(id, count);
  }

  /** Sends what is due. */
  async send(): Promise<void> {
    await this.#sender.send();
  }
}

const isFor = ({ machines, disabledAt }: KeptWebhook, machine: string): boolean =>
  disabledAt === null && (machines === null || machines.includes(machine));

const toTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

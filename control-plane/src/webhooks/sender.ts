// Posts what is due: of each webhook one delivery at a time, of all webhooks beside each other. What becomes of a try
// is judged in `judge-try.ts` and written in the turn in which its answer is there.

import { deliverWithinMs } from "@longwire/shared/limits.ts";
import type { OneAlarm } from "../one-alarm.ts";
import type { Deliveries, Delivery } from "./deliveries.ts";
import { isGivenUp, judgeTry, type Answer } from "./judge-try.ts";
import type { KeptWebhook, KeptWebhooks } from "./kept-webhooks.ts";
import { signDelivery } from "./sign.ts";
import { findTargetFault, type TargetRules } from "./target.ts";

/** When it is looked after again should this object end while a try is under way. */
const againMs = deliverWithinMs + 5000;

export interface SenderParts {
  readonly alarm: OneAlarm;
  readonly webhooks: KeptWebhooks;
  readonly deliveries: Deliveries;
  readonly rules: TargetRules;
  /** Disables a webhook that nothing reaches. */
  readonly giveUp: (webhook: KeptWebhook, reason: string, now: number) => void;
}

export class Sender {
  readonly #parts: SenderParts;
  /** Webhooks that something is sent to now. */
  readonly #sending = new Map<string, AbortController>();

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#wake(Date.now());
  }

  /** Sends all that is due; returns when nothing is that others do not send already. */
  async send(): Promise<void> {
    const now = Date.now();
    this.#wake(now);
    await Promise.all(this.#parts.deliveries.due(now).map((webhook) => this.#sendAll(webhook)));
  }

  /** Nothing more is sent to this webhook, what is under way included. */
  stop(webhook: string): void {
    this.#sending.get(webhook)?.abort();
  }

  #wake(now: number): void {
    const { alarm, deliveries } = this.#parts;
    const { nextAt } = deliveries;
    if (nextAt !== null) alarm.wakeAt(nextAt > now ? nextAt : now + againMs);
  }

  async #sendAll(id: string): Promise<void> {
    if (this.#sending.has(id)) return;
    const stopping = new AbortController();
    this.#sending.set(id, stopping);
    try {
      for (;;) {
        const webhook = this.#parts.webhooks.find(id);
        const delivery = this.#parts.deliveries.next(id, Date.now());
        if (webhook === null || delivery === null || stopping.signal.aborted) return;
        await this.#try(webhook, delivery, stopping.signal);
      }
    } finally {
      this.#sending.delete(id);
      this.#wake(Date.now());
    }
  }

  async #try(webhook: KeptWebhook, delivery: Delivery, stopping: AbortSignal): Promise<void> {
    // The rules may have changed since the webhook was made.
    const fault = findTargetFault(webhook.url, this.#parts.rules);
    const answer = fault === null ? await post(webhook, delivery, stopping) : { fault: `The address ${fault}.` };
    if (stopping.aborted) return;
    const now = Date.now();
    const { webhooks, deliveries, giveUp } = this.#parts;
    const tried = { tries: delivery.tries + 1, createdAt: delivery.createdAt };
    const verdict = judgeTry(answer, tried, now, Math.random());
    deliveries.tried(webhook.id, delivery.id, answer, verdict, now);
    if (verdict.type === "delivered") return webhooks.setFailing(webhook.id, null);
    const since = webhook.failingSince ?? now;
    webhooks.setFailing(webhook.id, since);
    if (isGivenUp(answer, since, now)) giveUp(webhook, verdict.error, now);
  }
}

/** One try. Of the answer only its status is looked at. */
async function post(webhook: KeptWebhook, { id, body }: Delivery, stopping: AbortSignal): Promise<Answer> {
  const late = new AbortController();
  // Cleared with the answer: a timer that is left keeps the object awake, as a request under way does anyhow.
  const timer = setTimeout(() => late.abort(), deliverWithinMs);
  try {
    const signed = await signDelivery(webhook.secret, { id, body, at: Date.now() });
    const response = await fetch(webhook.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "User-Agent": "Longwire", ...signed },
      body,
      redirect: "manual",
      signal: AbortSignal.any([late.signal, stopping]),
    });
    await response.body?.cancel();
    return { status: response.status };
  } catch {
    const fault = late.signal.aborted ? `It gave no answer within ${deliverWithinMs} ms.` : "The connection failed.";
    return { fault };
  } finally {
    clearTimeout(timer);
  }
}

// What a machine's object is told of its workspace's webhooks, and what it tells in turn.

import type { WebhookEvent } from "@longwire/shared/api/webhooks.ts";

/** What one webhook wants to hear of a machine. */
export interface WebhookInterest {
  readonly id: string;
  readonly events: readonly WebhookEvent[];
  /** Of runs, only those of this process, by id or name. */
  readonly process: string | null;
  readonly tag: string | null;
  readonly pattern: string | null;
}

export interface WebhookOrders {
  /** The workspace's object, in hexadecimal. */
  readonly workspace: string;
  /** Grows with each change; older orders than those that came are passed over. */
  readonly version: number;
  readonly interests: readonly WebhookInterest[];
}

/** An event for one webhook, ready to be sent. */
export interface OwedEvent {
  readonly id: string;
  readonly webhook: string;
  readonly type: WebhookEvent;
  readonly body: string;
}

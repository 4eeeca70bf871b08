// The request that a filled-in form for a webhook stands for. Pure.

import type { WebhookEvent } from "@longwire/shared/api/webhooks.ts";

export interface WebhookForm {
  readonly url: string;
  readonly name: string;
  readonly events: readonly WebhookEvent[];
  readonly process: string;
  readonly tag: string;
  readonly pattern: string;
}

export const emptyWebhook: WebhookForm = { url: "", name: "", events: ["exited"], process: "", tag: "", pattern: "" };

/** What was left empty is left out; a pattern goes with `match` alone. */
export function webhookRequest({ url, events, pattern, ...rest }: WebhookForm) {
  const fields = Object.entries(rest)
    .map(([field, text]) => [field, text.trim()] as const)
    .filter(([, text]) => text !== "");
  const filters: { name?: string; process?: string; tag?: string } = Object.fromEntries(fields);
  return { url: url.trim(), events: [...events], ...filters, ...(events.includes("match") ? { pattern } : {}) };
}

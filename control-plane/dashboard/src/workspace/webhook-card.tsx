// One webhook: where it posts to, of what, and what became of its last deliveries.

import { useState } from "preact/hooks";
import type { Webhook, WebhookResult } from "@longwire/shared/api/webhooks.ts";
import { clientFor } from "../clients.ts";
import { now } from "../ui/clock.ts";
import { Ago } from "../ui/times.tsx";
import { sayDone, sayError } from "../ui/toasts.tsx";
import { describeResult } from "./describe-result.ts";

const shownResults = 5;

export function WebhookCard({ hook, onRemoved }: { readonly hook: Webhook; readonly onRemoved: () => void }) {
  const [isSure, setSure] = useState(false);
  const name = hook.name ?? hook.url;
  const remove = async (): Promise<void> => {
    try {
      await clientFor().deleteWebhook(hook.id);
      sayDone(`${name} is removed; nothing more is posted to it.`);
    } catch (error) {
      sayError(`${name} was not removed`, error);
    }
    onRemoved();
  };
  const filters = [
    hook.process !== null && `process ${hook.process}`,
    hook.tag !== null && `tag ${hook.tag}`,
    hook.pattern !== null && `pattern ${hook.pattern}`,
  ].filter((one) => one !== false);
  return (
    <li class="card" aria-label={name}>
      <header class="card-head">
        <h2 class="wrap">{name}</h2>
        <HookState hook={hook} />
      </header>
      {hook.name !== null && <code class="wrap">{hook.url}</code>}
      <p class="page-note wrap">
        {hook.events.join(", ")}
        {filters.length > 0 && ` · ${filters.join(" · ")}`}
      </p>
      {hook.disabled_at !== null && (
        <p class="hint">Nothing is posted to it any more: remove it, and make another once its address takes events.</p>
      )}
      {hook.dropped > 0 && <p class="hint">There was no room for {hook.dropped} events.</p>}
      <ul class="machine-processes" aria-label="Last deliveries">
        {hook.results.slice(0, shownResults).map((result) => (
          <Delivery key={result.id} result={result} />
        ))}
      </ul>
      {hook.results.length === 0 && hook.disabled_at === null && <p class="page-note">Nothing was posted yet.</p>}
      <div class="form-end">
        {isSure ? (
          <>
            <button type="button" class="button button-small" onClick={() => setSure(false)}>
              Keep it
            </button>
            <button type="button" class="button button-small bad" onClick={() => void remove()}>
              Really remove
            </button>
          </>
        ) : (
          <button type="button" class="button button-small" aria-label={`Remove ${name}`} onClick={() => setSure(true)}>
            Remove
          </button>
        )}
      </div>
    </li>
  );
}

function Delivery({ result }: { readonly result: WebhookResult }) {
  const { word, tone, note } = describeResult(result, now.value);
  return (
    <li>
      <span>
        {result.type}
        {note !== "" && <span class="page-note"> {note}</span>}
      </span>
      <span class={`state state-${tone}`}>
        {word} {result.at !== null && <Ago at={result.at} />}
      </span>
    </li>
  );
}

function HookState({ hook }: { readonly hook: Webhook }) {
  if (hook.disabled_at !== null) return <span class="state state-bad">turned off</span>;
  if (hook.failing_since !== null) {
    return (
      <span class="state state-waiting">
        failing since <Ago at={hook.failing_since} />
      </span>
    );
  }
  return hook.waiting > 0 ? <span class="state state-busy">{hook.waiting} on their way</span> : null;
}

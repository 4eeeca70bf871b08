// The webhooks of the workspace: where events are posted, how that went, making and removing them.

import { useEffect, useState } from "preact/hooks";
import type { Webhook } from "@longwire/shared/api/webhooks.ts";
import { clientFor } from "../clients.ts";
import { Icon } from "../ui/icon.tsx";
import { Ago } from "../ui/times.tsx";
import { sayDone, sayError } from "../ui/toasts.tsx";
import { NewWebhook } from "./new-webhook.tsx";

export function WebhooksPage() {
  const [hooks, setHooks] = useState<readonly Webhook[] | null>(null);
  const [isMaking, setMaking] = useState(false);
  const load = async (): Promise<void> => {
    const all: Webhook[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const asked: { limit: number; cursor?: string } = cursor === "" ? { limit: 200 } : { limit: 200, cursor };
      const page = await clientFor().webhooks(asked);
      all.push(...page.items);
      cursor = page.next_cursor;
    }
    setHooks(all);
  };
  const reload = (): void => void load().catch((error: unknown) => sayError("The webhooks were not read", error));
  useEffect(() => {
    document.title = "Webhooks · Longwire";
    reload();
  }, []);
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          <h1>Webhooks</h1>
        </div>
        <div class="page-actions">
          <button type="button" class="button button-main" onClick={() => setMaking(true)}>
            <Icon name="plus" />
            <span>New webhook</span>
          </button>
        </div>
      </header>
      <ul class="cards">
        {hooks?.map((hook) => (
          <WebhookCard key={hook.id} hook={hook} onRemoved={reload} />
        ))}
      </ul>
      {hooks?.length === 0 && (
        <div class="empty">
          <Icon name="hook" />
          <p>Nobody is told of what happens here yet.</p>
        </div>
      )}
      {isMaking && (
        <NewWebhook
          onClose={() => {
            setMaking(false);
            reload();
          }}
        />
      )}
    </>
  );
}

const shownResults = 5;

function WebhookCard({ hook, onRemoved }: { readonly hook: Webhook; readonly onRemoved: () => void }) {
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
    <li class="card">
      <header class="card-head">
        <h2>{name}</h2>
        <HookState hook={hook} />
      </header>
      {hook.name !== null && <code class="wrap">{hook.url}</code>}
      <p class="page-note wrap">
        {hook.events.join(", ")}
        {filters.length > 0 && ` · ${filters.join(" · ")}`}
      </p>
      <ul class="machine-processes">
        {hook.results.slice(0, shownResults).map(({ id, type, state, status, error, at }) => (
          <li key={id} title={error ?? ""}>
            <span>
              {type} <span class="page-note">{status ?? error ?? ""}</span>
            </span>
            <span class={`state state-${state === "delivered" ? "good" : state === "waiting" ? "waiting" : "bad"}`}>
              {state} {at !== null && <Ago at={at} />}
            </span>
          </li>
        ))}
      </ul>
      <div class="form-end">
        {isSure ? (
          <button type="button" class="button button-small bad" onClick={() => void remove()}>
            Really remove
          </button>
        ) : (
          <button type="button" class="button button-small" aria-label={`Remove ${name}`} onClick={() => setSure(true)}>
            Remove
          </button>
        )}
      </div>
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

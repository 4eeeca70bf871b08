// The webhooks of the workspace: where events are posted, how that went, making and removing them.

import { useEffect, useState } from "preact/hooks";
import type { Webhook } from "@longwire/shared/api/webhooks.ts";
import { readPages } from "@longwire/shared/client/read-pages.ts";
import { clientFor } from "../clients.ts";
import { Icon } from "../ui/icon.tsx";
import { sayError } from "../ui/toasts.tsx";
import { whileVisible } from "../ui/while-visible.ts";
import { NewWebhook } from "./new-webhook.tsx";
import { WebhookCard } from "./webhook-card.tsx";

/** What became of deliveries is asked for this often. */
const everyMs = 4000;

export function WebhooksPage() {
  const [hooks, setHooks] = useState<readonly Webhook[] | null>(null);
  const [isMaking, setMaking] = useState(false);
  const load = async (): Promise<void> => setHooks(await readPages((from) => clientFor().webhooks(from)));
  const reload = (): void => void load().catch((error: unknown) => sayError("The webhooks were not read", error));
  useEffect(() => {
    document.title = "Webhooks · Longwire";
    reload();
    // What fails now is told on the next try.
    return whileVisible(() => void load().catch(() => undefined), everyMs);
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

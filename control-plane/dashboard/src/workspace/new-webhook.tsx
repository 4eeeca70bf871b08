// Making a webhook; its secret is shown once.

import { useState } from "preact/hooks";
import { webhookEvents, type WebhookEvent } from "@longwire/shared/api/webhooks.ts";
import { clientFor } from "../clients.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Refusal } from "../ui/refusal.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { TextField } from "../ui/text-field.tsx";
import { emptyWebhook, webhookRequest, type WebhookForm } from "./webhook-request.ts";

const eventWords: Readonly<Record<WebhookEvent, string>> = {
  exited: "a run ended, or could not begin",
  match: "a line of output matches",
  ready: "a process is ready",
  approval: "a start waits for its owner",
  offline: "a machine is gone",
};

export function NewWebhook({ onClose }: { readonly onClose: () => void }) {
  const [form, setForm] = useState<WebhookForm>(emptyWebhook);
  const [secret, setSecret] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const make = async (): Promise<void> => {
    try {
      setSecret((await clientFor().createWebhook(webhookRequest(form))).secret);
    } catch (error) {
      setProblem(error);
    }
  };
  if (secret !== null) {
    return (
      <ShownOnce
        title="The webhook's secret"
        words="What is posted is signed with it."
        secret={secret}
        copyLabel="Copy the secret"
        onClose={onClose}
      />
    );
  }
  const text = (label: string, field: "url" | "name" | "process" | "tag" | "pattern", isNeeded = false) => (
    <TextField
      label={label}
      isNeeded={isNeeded}
      value={form[field]}
      onChange={(value) => setForm({ ...form, [field]: value })}
    />
  );
  const toggle = (one: WebhookEvent): void => {
    const events = form.events.includes(one) ? form.events.filter((other) => other !== one) : [...form.events, one];
    setForm({ ...form, events });
  };
  return (
    <Dialog title="New webhook" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        {text("Address", "url", true)}
        <fieldset class="field">
          <legend>Tells of</legend>
          {webhookEvents.map((one) => (
            <label key={one} class="toggle">
              <input type="checkbox" checked={form.events.includes(one)} onChange={() => toggle(one)} />
              <code>{one}</code> <span class="page-note">{eventWords[one]}</span>
            </label>
          ))}
        </fieldset>
        {form.events.includes("match") && text("Pattern (RE2)", "pattern", true)}
        <div class="field-pair">
          {text("Process", "process")}
          {text("Tag", "tag")}
        </div>
        {text("Name", "name")}
        <Refusal error={problem} />
        <div class="form-end">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-main" disabled={form.events.length === 0}>
            Make it
          </button>
        </div>
      </form>
    </Dialog>
  );
}

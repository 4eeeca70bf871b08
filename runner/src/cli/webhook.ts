// `runner webhook …`: makes, lists and deletes webhooks of the workspace.

import type { Webhook } from "@longwire/shared/api/webhooks.ts";
import { readPages } from "@longwire/shared/client/read-pages.ts";
import { plain } from "../policy-cli/say.ts";
import { findAccess } from "./api-access.ts";
import { exitCodes } from "./exit.ts";
import { openClient } from "./open-client.ts";
import { optionsOf } from "./parsed.ts";
import { parseWebhookOptions, webhookUsage, type WebhookOptions } from "./webhook-options.ts";

/** The exit code. */
export async function runWebhook(args: readonly string[]): Promise<number> {
  const options = optionsOf(parseWebhookOptions(args), "webhook", webhookUsage);
  switch (options.command) {
    case "help":
      process.stdout.write(webhookUsage);
      return exitCodes.ok;
    case "create":
      return await createWebhook(options);
    case "list":
      return await listWebhooks(options);
    case "delete": {
      await openClient(findAccess(options)).deleteWebhook(options.id);
      if (options.json) process.stdout.write(`${JSON.stringify({ id: options.id, deleted: true })}\n`);
      else process.stderr.write("Deleted. Nothing is sent to it any more.\n");
      return exitCodes.ok;
    }
  }
}

/** The secret is all that goes to stdout, so that a shell can keep it. */
async function createWebhook(options: Extract<WebhookOptions, { command: "create" }>): Promise<number> {
  const made = await openClient(findAccess(options)).createWebhook(options.request);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return exitCodes.ok;
  }
  process.stdout.write(`${plain(made.secret)}\n`);
  process.stderr.write(`${sayWebhook(made)}. The secret is shown this once.\n`);
  return exitCodes.ok;
}

async function listWebhooks(options: WebhookOptions): Promise<number> {
  const client = openClient(findAccess(options));
  const webhooks = await readPages((from) => client.webhooks(from));
  if (options.json) process.stdout.write(`${JSON.stringify({ items: webhooks })}\n`);
  else for (const webhook of webhooks) process.stdout.write(`${sayWebhook(webhook)}; ${sayState(webhook)}\n`);
  return exitCodes.ok;
}

function sayWebhook({ id, name, url, events, machines, process, tag, pattern }: Webhook): string {
  const what = [
    events.join(", "),
    ...(pattern === null ? [] : [`of ${JSON.stringify(pattern)}`]),
    ...(process === null ? [] : [`by ${process}`]),
    ...(tag === null ? [] : [`with tag ${tag}`]),
  ].join(" ");
  const where = machines === null ? "all machines" : machines.join(", ");
  return plain(`${id}  ${name === null ? "" : `${JSON.stringify(name)}  `}${url}  ${what} on ${where}`);
}

function sayState({ disabled_at: disabled, waiting, results }: Webhook): string {
  if (disabled !== null) return plain(`disabled since ${disabled}`);
  const last = results.find(({ at }) => at !== null);
  const went =
    last === undefined ? "nothing sent yet" : `last ${last.type}: ${last.error ?? `answered ${last.status}`}`;
  return plain(waiting === 0 ? went : `${went}, ${waiting} waiting`);
}

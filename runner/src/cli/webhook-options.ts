// The options of `webhook …`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import type { WebhookRequest } from "@longwire/shared/api/webhook-requests.ts";
import { webhookEvents, type WebhookEvent } from "@longwire/shared/api/webhooks.ts";
import { accessOptions, accessUsage } from "./api-access.ts";
import { parseCreateListEnd, type CreateListEnd } from "./create-list-end.ts";
import { fail, type Parsed } from "./parsed.ts";

export const webhookUsage = `runner webhook create URL --on EVENTS [options]   have events posted to URL; prints the secret they are signed with, once
runner webhook list                               what webhooks there are, and how their last delivery went
runner webhook delete ID                          end one at once

  --on EVENTS     separated by commas: ${webhookEvents.join(", ")}
  --pattern RE    the lines that match, in RE2 syntax; with --on match alone
  --process P     only runs of this process, by id or name
  --tag T         only runs of processes with this tag
  --machine M     a machine it is told of, by id or name; repeatable; default: all, those to come included
  --name N        what people call it
${accessUsage}`;

export type WebhookOptions = CreateListEnd<WebhookRequest, "delete">;

/** Reads the arguments after `webhook`. */
export function parseWebhookOptions(args: readonly string[]): Parsed<WebhookOptions> {
  return parseCreateListEnd({ noun: "webhook", end: "delete", readCreate }, args);
}

const filters = {
  on: { type: "string" },
  pattern: { type: "string" },
  process: { type: "string" },
  tag: { type: "string" },
  name: { type: "string" },
  machine: { type: "string", multiple: true },
} as const;

function readCreate(args: string[]): Parsed<WebhookOptions> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...accessOptions, ...filters },
    allowPositionals: true,
  });
  const { server, data, json, help, on, machine: machines, pattern, process, tag, name } = values;
  const common = { server, data, json };
  if (help) return { ok: true, value: { command: "help", ...common } };
  const [url, more] = positionals;
  if (url === undefined || more !== undefined) return fail("create takes one address to post to.");
  const named = (on ?? "").split(",").map((event) => event.trim());
  const events = named.filter((event): event is WebhookEvent => webhookEvents.some((one) => one === event));
  if (events.length !== named.length) return fail(`--on takes ${webhookEvents.join(", ")}, separated by commas.`);
  const isMatch = events.includes("match");
  if (isMatch !== (pattern !== undefined)) return fail("--on match and --pattern go together.");
  const request = { url, events: [...new Set(events)], machines, pattern, process, tag, name };
  return { ok: true, value: { command: "create", request, ...common } };
}

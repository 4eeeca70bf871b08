// The options of `webhook …`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import type { WebhookRequest } from "@longwire/shared/api/webhook-requests.ts";
import { webhookEvents, type WebhookEvent } from "@longwire/shared/api/webhooks.ts";
import { accessOptions, accessUsage, type AccessOptions } from "./api-access.ts";
import type { Parsed } from "./options.ts";

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

export type WebhookOptions = AccessOptions & { readonly json: boolean } & (
    | { readonly command: "create"; readonly request: WebhookRequest }
    | { readonly command: "list" }
    | { readonly command: "delete"; readonly id: string }
    | { readonly command: "help" }
  );

/** Reads the arguments after `webhook`. */
export function parseWebhookOptions([command, ...args]: readonly string[]): Parsed<WebhookOptions> {
  const none = { server: undefined, data: undefined, json: false };
  if (command === "--help" || command === "-h" || command === "help")
    return { ok: true, value: { command: "help", ...none } };
  if (command === undefined) return fail("say what to do: create, list or delete.");
  if (command !== "create" && command !== "list" && command !== "delete") return fail(`unknown command ${command}.`);
  try {
    return command === "create" ? readCreate(args) : readOther(command, args);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
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

function readOther(command: "list" | "delete", args: string[]): Parsed<WebhookOptions> {
  const allowPositionals = command === "delete";
  const { values, positionals } = parseArgs({ args, options: accessOptions, allowPositionals });
  const { server, data, json, help } = values;
  const common = { server, data, json };
  if (help) return { ok: true, value: { command: "help", ...common } };
  if (command === "list") return { ok: true, value: { command, ...common } };
  const [id, more] = positionals;
  if (id === undefined || more !== undefined) return fail("delete takes one id, as `webhook list` shows it.");
  return { ok: true, value: { command, id, ...common } };
}

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message });

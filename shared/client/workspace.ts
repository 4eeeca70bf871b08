// Calls about machines, what waits for their owners, tokens, join codes, webhooks and tickets.

import type * as z from "zod";
import { inviteSchema, type inviteRequestSchema } from "../src/api/invites.ts";
import type { decisionRequestSchema, enrollRequestSchema, machinesQuerySchema } from "../src/api/requests.ts";
import { newSignInSchema, type signInRequestSchema } from "../src/api/sessions.ts";
import { newTicketSchema } from "../src/api/tickets.ts";
import { newTokenSchema, tokenListSchema, type tokenRequestSchema, type tokensQuerySchema } from "../src/api/tokens.ts";
import {
  approvalsAnswerSchema,
  enrollAnswerSchema,
  listOf,
  machineSchema,
  signalAnswerSchema,
} from "../src/api/views.ts";
import type { webhookRequestSchema, webhooksQuerySchema } from "../src/api/webhook-requests.ts";
import { newWebhookSchema, webhookListSchema } from "../src/api/webhooks.ts";
import type { Caller, CallOptions } from "./caller.ts";
import type { Asked } from "./query.ts";

const machinesSchema = listOf(machineSchema);
/** There is a token for the workspace only where it is a new one. */
const enrolledSchema = enrollAnswerSchema.partial({ admin_token: true });

export function workspaceCalls(caller: Caller) {
  return {
    machines: (asked: Asked<z.input<typeof machinesQuerySchema>> = {}, options?: CallOptions) =>
      caller.json({ method: "GET", path: "/v1/machines", query: asked, kind: "look" }, machinesSchema, options),

    /** The machine this client is for. */
    machine: (asked: { readonly metrics?: boolean } = {}, options?: CallOptions) => {
      const path = caller.machinePath("");
      return caller.json({ method: "GET", path, query: asked, kind: "look" }, machineSchema, options);
    },

    /** Starts that wait for the machine's owner. */
    approvals: async (options?: CallOptions) => {
      const path = caller.machinePath("/approvals");
      return (await caller.json({ method: "GET", path, kind: "look" }, approvalsAnswerSchema, options)).items;
    },

    decide: async (
      approval: string,
      decision: z.input<typeof decisionRequestSchema>["decision"],
      options?: CallOptions,
    ) => {
      const path = caller.machinePath(`/approvals/${encodeURIComponent(approval)}`);
      const call = { method: "POST", path, body: { decision }, kind: "act" } as const;
      return (await caller.json(call, signalAnswerSchema, options)).process;
    },

    tokens: (asked: Asked<z.input<typeof tokensQuerySchema>> = {}, options?: CallOptions) =>
      caller.json({ method: "GET", path: "/v1/tokens", query: asked, kind: "look" }, tokenListSchema, options),

    /** Its text is in `token`, this once. */
    createToken: (request: z.input<typeof tokenRequestSchema>, options?: CallOptions) =>
      caller.json({ method: "POST", path: "/v1/tokens", body: request, kind: "act" }, newTokenSchema, options),

    /** A join code, this once; good once and for ten minutes. */
    invite: (request: z.input<typeof inviteRequestSchema>, options?: CallOptions) =>
      caller.json({ method: "POST", path: "/v1/invites", body: request, kind: "act" }, inviteSchema, options),

    /** Makes a machine known, in a workspace of its own or in that of a join code. Needs no token. */
    enroll: (request: z.input<typeof enrollRequestSchema>, options?: CallOptions) =>
      caller.json({ method: "POST", path: "/v1/enroll", body: request, kind: "once" }, enrolledSchema, options),

    /** A secret with which a page signs in, once and within five minutes. */
    createSignIn: (request: z.input<typeof signInRequestSchema> = {}, options?: CallOptions) =>
      caller.json({ method: "POST", path: "/v1/sign-ins", body: request, kind: "act" }, newSignInSchema, options),

    revokeToken: (id: string, options: CallOptions = {}): Promise<void> => {
      const path = `/v1/tokens/${encodeURIComponent(id)}`;
      return caller.read({ method: "DELETE", path, kind: "once" }, options, () => Promise.resolve());
    },

    webhooks: (asked: Asked<z.input<typeof webhooksQuerySchema>> = {}, options?: CallOptions) =>
      caller.json({ method: "GET", path: "/v1/webhooks", query: asked, kind: "look" }, webhookListSchema, options),

    /** What its deliveries are signed with is in `secret`, this once. */
    createWebhook: (request: z.input<typeof webhookRequestSchema>, options?: CallOptions) =>
      caller.json({ method: "POST", path: "/v1/webhooks", body: request, kind: "act" }, newWebhookSchema, options),

    deleteWebhook: (id: string, options: CallOptions = {}): Promise<void> => {
      const path = `/v1/webhooks/${encodeURIComponent(id)}`;
      return caller.read({ method: "DELETE", path, kind: "once" }, options, () => Promise.resolve());
    },
  };
}

/** The subprotocol that opens one socket to the machine of `caller`. One that is not used is nothing but gone. */
export async function getTicket(caller: Caller, options?: CallOptions): Promise<string> {
  const body = caller.machine === "-" ? {} : { machine: caller.machine };
  const call = { method: "POST", path: "/v1/tickets", body, kind: "act" } as const;
  return (await caller.json(call, newTicketSchema, options)).ticket;
}

// Who may do what, and who did: tokens, invitations, sessions, tickets, audits.

import { auditAnswerSchema, auditQuerySchema } from "@longwire/shared/api/audit-requests.ts";
import { inviteRequestSchema, inviteSchema, redeemRequestSchema } from "@longwire/shared/api/invites.ts";
import { emptyRequestSchema, enrollRequestSchema } from "@longwire/shared/api/requests.ts";
import {
  newSessionSchema,
  newSignInSchema,
  sessionRequestSchema,
  signInRequestSchema,
  whoSchema,
} from "@longwire/shared/api/sessions.ts";
import { newTicketSchema, ticketRequestSchema } from "@longwire/shared/api/tickets.ts";
import { newTokenSchema, tokenListSchema, tokenRequestSchema, tokensQuerySchema } from "@longwire/shared/api/tokens.ts";
import { enrollAnswerSchema, joinAnswerSchema } from "@longwire/shared/api/views.ts";
import * as z from "zod";
import { json, nothing, type Operations } from "./operation.ts";

const tag = "Access";

export const accessOperations: Operations = {
  "POST /v1/enroll": {
    ...{ id: "enrollMachine", tag, summary: "Take a machine in, for runners" },
    description: "With a join code into its workspace; with the control plane's key into a new one.",
    body: enrollRequestSchema,
    answers: { 201: json("Tokens, told once.", z.union([enrollAnswerSchema, joinAnswerSchema])) },
    refusals: ["unauthorized", "rate_limited", "join_code_refused", "name_taken", "limit_reached", "runner_timeout"],
  },
  "POST /v1/invites": {
    ...{ id: "invite", tag, summary: "Make a join code for a machine or a token" },
    body: inviteRequestSchema,
    makes: true,
    answers: { 201: json("The code: good once, for ten minutes.", inviteSchema) },
    refusals: ["limit_reached"],
  },
  "POST /v1/invites/redeem": {
    ...{ id: "redeemInvite", tag, summary: "Get the token a join code is for" },
    body: redeemRequestSchema,
    answers: { 201: json("The token, told once.", newTokenSchema) },
    refusals: ["rate_limited", "join_code_refused", "limit_reached", "runner_timeout"],
  },
  "GET /v1/tokens": {
    ...{ id: "listTokens", tag, summary: "List the workspace's tokens" },
    query: tokensQuerySchema,
    answers: { 200: json("Without their texts.", tokenListSchema) },
  },
  "POST /v1/tokens": {
    ...{ id: "createToken", tag, summary: "Make a token" },
    body: tokenRequestSchema,
    makes: true,
    answers: { 201: json("The token, told once.", newTokenSchema, ["Location"]) },
    refusals: ["limit_reached"],
  },
  "DELETE /v1/tokens/:token": {
    ...{ id: "revokeToken", tag, summary: "Revoke a token; what it has open ends within 5 s" },
    body: emptyRequestSchema,
    answers: { 204: nothing },
    refusals: ["not_found", "limit_reached"],
  },
  "POST /v1/sign-ins": {
    ...{ id: "createSignIn", tag, summary: "Make a secret with which a page signs in, once within 5 minutes" },
    body: signInRequestSchema,
    makes: true,
    answers: { 201: json("The secret.", newSignInSchema) },
    refusals: ["limit_reached"],
  },
  "POST /v1/sessions": {
    ...{ id: "signIn", tag, summary: "Exchange such a secret for a session of 12 hours" },
    body: sessionRequestSchema,
    answers: {
      201: json("The session; over https its token is in a cookie instead.", newSessionSchema, ["Set-Cookie?"]),
    },
    refusals: ["unauthorized", "rate_limited", "limit_reached", "insufficient_scope", "runner_timeout"],
  },
  "GET /v1/sessions": {
    ...{ id: "whoAsks", tag, summary: "What the token or session that asks is called, and what it allows" },
    answers: { 200: json("Without its text.", whoSchema) },
  },
  "DELETE /v1/sessions": {
    ...{ id: "signOut", tag, summary: "End the session that asks" },
    body: emptyRequestSchema,
    answers: { 204: { ...nothing, headers: ["Set-Cookie?"] } },
    refusals: ["not_found"],
  },
  "POST /v1/tickets": {
    ...{ id: "createTicket", tag, summary: "Make a ticket for one socket of a page, within 30 s" },
    body: ticketRequestSchema,
    answers: { 201: json("The ticket.", newTicketSchema) },
    refusals: ["not_found", "limit_reached"],
  },
  "GET /v1/machines/:machine/audit": {
    ...{ id: "readMachineAudit", tag: "Audit", summary: "Who did what on a machine, oldest first" },
    query: auditQuerySchema,
    answers: { 200: json("Entries, and what it takes to verify them.", auditAnswerSchema) },
  },
  "GET /v1/audit": {
    ...{ id: "readAudit", tag: "Audit", summary: "Who did what in the workspace, oldest first" },
    query: auditQuerySchema,
    answers: { 200: json("Entries, and what it takes to verify them.", auditAnswerSchema) },
  },
};

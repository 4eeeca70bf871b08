// What answers without a token.

import * as z from "zod";
import { json, type Answer, type Operation, type Operations } from "./operation.ts";

const tag = "Open";

const about = (id: string, summary: string, answer: Answer): Operation => ({
  ...{ id, tag, summary },
  headers: ["If-None-Match"],
  answers: { 200: { ...answer, headers: ["ETag"] }, 304: { description: "It is the same.", headers: ["ETag"] } },
});
const text = (type: string, description: string): Answer => ({ description, content: { [type]: "text" } });

export const openOperations: Operations = {
  "GET /healthz": {
    ...{ id: "checkHealth", tag, summary: "Whether the control plane answers" },
    answers: { 200: json("It does.", z.object({ status: z.literal("ok") })) },
  },
  "GET /": {
    ...{ id: "getDashboard", tag, summary: "The dashboard, a page that asks this API" },
    answers: { 200: text("text/html", "The same for everybody.") },
    refusals: ["not_found"],
  },
  "GET /assets/:file": {
    ...{ id: "getDashboardFile", tag, summary: "A file of the dashboard" },
    answers: {
      200: {
        description: "Its name changes with its content: to be kept for good.",
        content: { "text/javascript": "text", "text/css": "text", "image/svg+xml": "text" },
      },
    },
    refusals: ["not_found"],
  },
  "GET /openapi.json": about("getDocument", "This document", {
    description: "OpenAPI 3.1.",
    content: { "application/json": z.record(z.string(), z.unknown()) },
  }),
  "GET /docs": about("getPage", "This document as a page to read", text("text/html", "Without a script.")),
  "GET /llms.txt": about("getGuide", "How to use the API, for a model", text("text/plain", "Under 4 kB, Markdown.")),
  "GET /.well-known/security.txt": {
    ...{ id: "getSecurityContact", tag, summary: "Where to report a flaw (RFC 9116)" },
    answers: { 200: text("text/plain", "As the operator set it.") },
    refusals: ["not_found"],
  },
};

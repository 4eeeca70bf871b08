// Machines, what waits for their owners, and what happens on them.

import {
  decisionRequestSchema,
  emptyRequestSchema,
  eventsQuerySchema,
  machinesQuerySchema,
  metricsQuerySchema,
  socketQuerySchema,
} from "@longwire/shared/api/requests.ts";
import {
  approvalsAnswerSchema,
  eventsAnswerSchema,
  listOf,
  machineSchema,
  signalAnswerSchema,
} from "@longwire/shared/api/views.ts";
import { json, nothing, type Operations } from "./operation.ts";

const machine = "/v1/machines/:machine";

export const machineOperations: Operations = {
  "GET /v1/machines": {
    id: "listMachines",
    tag: "Machines",
    summary: "List the machines the token reaches",
    query: machinesQuerySchema,
    answers: { 200: json("In the order in which they joined.", listOf(machineSchema)) },
  },
  [`GET ${machine}`]: {
    id: "getMachine",
    tag: "Machines",
    summary: "Look at a machine",
    query: metricsQuerySchema,
    answers: { 200: json("The machine.", machineSchema) },
  },
  [`DELETE ${machine}`]: {
    id: "removeMachine",
    tag: "Machines",
    summary: "Forget a machine, its tokens and all that is stored of it",
    description: "It cannot be undone, so the machine is named: `-` is refused.",
    body: emptyRequestSchema,
    answers: { 204: nothing },
    refusals: ["limit_reached"],
  },
  [`GET ${machine}/events`]: {
    id: "readEvents",
    tag: "Events",
    summary: "Read a machine's events after a seq",
    description:
      "With `wait_ms` it waits for the first one where there is none. With `Accept: text/event-stream` the same comes as server-sent events, `id` being the seq and `data` an Event; such a stream goes on until either end closes it.",
    query: eventsQuerySchema,
    headers: ["Last-Event-ID"],
    answers: {
      200: {
        description: "A page of events, or a stream of them.",
        content: { "application/json": eventsAnswerSchema, "text/event-stream": "text" },
      },
    },
    refusals: ["output_expired"],
  },
  [`GET ${machine}/ws`]: {
    id: "openViewerSocket",
    tag: "Events",
    summary: "Open a WebSocket: events as they come, typing, metrics",
    description:
      'A WebSocket handshake with the subprotocol `longwire.events.v1` (one JSON Event a message; acknowledge with `{"ack": seq}`) or `longwire.viewer.v1` (binary frames, subscriptions and credit; without parameters). A page, which cannot send the Authorization header, adds a ticket of POST /v1/tickets as one more subprotocol.',
    query: socketQuerySchema,
    answers: { 101: { description: "The socket is open." } },
    refusals: ["upgrade_required", "limit_reached", "output_expired"],
  },
  "GET /v1/link": {
    id: "openLink",
    tag: "Machines",
    summary: "Open a machine's own WebSocket, for runners alone",
    description: "A WebSocket handshake with the subprotocol `longwire.runner.v1` and the machine's own token.",
    answers: { 101: { description: "The link is open." } },
    refusals: ["upgrade_required", "not_found"],
  },
  [`GET ${machine}/approvals`]: {
    id: "listApprovals",
    tag: "Approvals",
    summary: "List the starts that wait for the machine's owner",
    answers: { 200: json("With what would run; of variables the names only.", approvalsAnswerSchema) },
    refusals: ["machine_offline", "runner_timeout"],
  },
  [`POST ${machine}/approvals/:approval`]: {
    id: "decideApproval",
    tag: "Approvals",
    summary: "Approve a start once, or deny it",
    description: "Only where the owner's policy file lets it be said from here.",
    body: decisionRequestSchema,
    acts: true,
    answers: { 200: json("The process that waited.", signalAnswerSchema) },
  },
};

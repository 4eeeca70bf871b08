// Who may do what: one row for every route, for every tool and for every message of a socket. Routes say what they need where they
// are; tests hold them to these rows, and these rows to the routes there are.

import type { ViewerRequest } from "@longwire/shared/viewer-request.ts";
import type { RunnerFrame } from "@longwire/shared/wire/link.ts";
import type { Need } from "./needs.ts";

export interface RouteRow {
  readonly method: "GET" | "POST" | "DELETE" | "PUT" | "PATCH";
  /** As Hono writes it: `:machine` stands for a machine's id, name or `-`. */
  readonly path: string;
  /** `open`: no token is asked for. Otherwise all of these. */
  readonly needs: "open" | readonly Need[];
  /** Needed as well where the query has this parameter. */
  readonly withQuery?: { readonly parameter: string; readonly needs: readonly Need[] };
}

const machine = "/v1/machines/:machine";
const process = `${machine}/processes/:process`;
/** The answer to such a wait holds output. */
const waits = { parameter: "until", needs: ["read"] } as const;

export const routeMatrix: readonly RouteRow[] = [
  { method: "GET", path: "/healthz", needs: "open" },
  { method: "GET", path: "/", needs: "open" },
  { method: "GET", path: "/assets/:file", needs: "open" },
  { method: "GET", path: "/openapi.json", needs: "open" },
  { method: "GET", path: "/docs", needs: "open" },
  { method: "GET", path: "/llms.txt", needs: "open" },
  { method: "GET", path: "/.well-known/security.txt", needs: "open" },
  { method: "POST", path: "/v1/enroll", needs: "open" },
  { method: "GET", path: "/v1/link", needs: ["link"] },
  { method: "POST", path: "/mcp", needs: ["read"] },
  { method: "GET", path: "/v1/machines", needs: ["read"] },
  { method: "GET", path: machine, needs: ["read"] },
  { method: "DELETE", path: machine, needs: ["admin"] },
  { method: "GET", path: `${machine}/ws`, needs: ["read"] },
  { method: "GET", path: `${machine}/search`, needs: ["read"] },
  { method: "GET", path: "/v1/search", needs: ["read"] },
  { method: "GET", path: `${machine}/events`, needs: ["read"] },
  { method: "GET", path: `${machine}/processes`, needs: ["read"] },
  { method: "POST", path: `${machine}/processes`, needs: ["run"], withQuery: waits },
  { method: "POST", path: `${machine}/processes/stop`, needs: ["run"] },
  { method: "GET", path: process, needs: ["read"] },
  { method: "DELETE", path: process, needs: ["admin"] },
  { method: "GET", path: `${process}/runs`, needs: ["read"] },
  { method: "GET", path: `${process}/wait`, needs: ["read"] },
  { method: "GET", path: `${process}/output`, needs: ["read"] },
  { method: "GET", path: `${process}/compare`, needs: ["read"] },
  { method: "POST", path: `${process}/stop`, needs: ["run"] },
  { method: "POST", path: `${process}/restart`, needs: ["run"], withQuery: waits },
  { method: "POST", path: `${process}/signal`, needs: ["run"] },
  { method: "POST", path: `${process}/pause`, needs: ["run"] },
  { method: "POST", path: `${process}/resume`, needs: ["run"] },
  { method: "POST", path: `${process}/input`, needs: ["input"], withQuery: waits },
  { method: "POST", path: `${process}/resize`, needs: ["input"] },
  { method: "GET", path: `${machine}/approvals`, needs: ["approve"] },
  { method: "POST", path: `${machine}/approvals/:approval`, needs: ["approve"] },
  { method: "GET", path: `${machine}/audit`, needs: ["admin"] },
  { method: "GET", path: "/v1/audit", needs: ["admin"] },
  { method: "POST", path: "/v1/sign-ins", needs: ["admin"] },
  { method: "POST", path: "/v1/sessions", needs: "open" },
  { method: "GET", path: "/v1/sessions", needs: ["read"] },
  { method: "DELETE", path: "/v1/sessions", needs: ["session"] },
  { method: "POST", path: "/v1/tickets", needs: ["read"] },
  { method: "POST", path: "/v1/invites", needs: ["admin"] },
  { method: "POST", path: "/v1/invites/redeem", needs: "open" },
  { method: "GET", path: "/v1/webhooks", needs: ["admin"] },
  { method: "POST", path: "/v1/webhooks", needs: ["admin", "read"] },
  { method: "DELETE", path: "/v1/webhooks/:webhook", needs: ["admin"] },
  { method: "GET", path: "/v1/tokens", needs: ["admin"] },
  { method: "POST", path: "/v1/tokens", needs: ["admin"] },
  { method: "DELETE", path: "/v1/tokens/:token", needs: ["admin"] },
];

/** What each tool of `/mcp` needs, all of these. Their answers hold output, so none does without `read`. */
export const toolMatrix = {
  list_processes: ["read"],
  start_process: ["read", "run"],
  read_output: ["read"],
  wait_process: ["read"],
  send_input: ["read", "input"],
  stop_process: ["read", "run"],
  restart_process: ["read", "run"],
  search_output: ["read"],
} as const satisfies Record<string, readonly Need[]>;
export type ToolName = keyof typeof toolMatrix;

/** What each message needs of the token its socket was opened with, by subprotocol. */
export const messageMatrix = {
  "longwire.runner.v1": {
    hello: ["link"],
    forget: ["link"],
    policy: ["link"],
    samples: ["link"],
    port: ["link"],
    approvals: ["link"],
    directed: ["link"],
    /** A binary frame. */
    batch: ["link"],
  } satisfies Record<RunnerFrame["type"] | "batch", readonly Need[]>,
  "longwire.events.v1": { ack: ["read"] },
  "longwire.viewer.v1": {
    subscribe: ["read"],
    unsubscribe: ["read"],
    credit: ["read"],
    attention: ["read"],
    input: ["input"],
    resize: ["input"],
    interrupt: ["run"],
    metrics: ["read"],
  } satisfies Record<ViewerRequest["type"], readonly Need[]>,
} as const satisfies Record<string, Record<string, readonly Need[]>>;

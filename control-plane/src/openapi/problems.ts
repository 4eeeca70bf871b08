// Which refusals a route can give, and how the document says them: one response for each status, a component where
// routes have it in common.

import { errorCatalogue, type ErrorCode } from "@longwire/shared/errors.ts";
import type { RouteRow } from "../access/matrix.ts";
import type { HeaderName, Operation } from "./operation.ts";

const everywhere: readonly ErrorCode[] = ["host_not_allowed", "url_too_long", "headers_too_large", "internal"];
const behindToken: readonly ErrorCode[] = ["unauthorized", "insufficient_scope", "rate_limited", "runner_timeout"];
const ofBodies: readonly ErrorCode[] = ["payload_too_large", "unsupported_media_type", "request_timeout"];
const ofMachines: readonly ErrorCode[] = [
  ...(["not_found", "invalid_request", "machine_offline", "runner_timeout", "denied_by_machine"] as const),
  ...(["idempotency_conflict", "limit_reached", "spool_full"] as const),
  ...(["name_taken", "process_ended", "process_running"] as const),
];

const ofMakings: readonly ErrorCode[] = ["invalid_request", "idempotency_conflict", "limit_reached"];

/** All codes a route can answer with, by status. */
export function refusalsOf({ path, needs }: RouteRow, operation: Operation): ReadonlyMap<number, readonly ErrorCode[]> {
  const { query, body, acts, makes, refusals = [] } = operation;
  const codes = new Set<ErrorCode>([
    ...everywhere,
    ...(needs === "open" ? [] : behindToken),
    ...(path.includes(":machine") ? (["not_found"] as const) : []),
    ...((query ?? body) === undefined ? [] : (["invalid_request"] as const)),
    ...(body === undefined ? [] : ofBodies),
    ...(acts === true ? ofMachines : []),
    ...(makes === true ? ofMakings : []),
    ...refusals,
  ]);
  const byStatus = Map.groupBy([...codes].toSorted(), (code) => errorCatalogue[code].status);
  return new Map([...byStatus].toSorted(([one], [other]) => one - other));
}

/** The name of the component for these codes of one status. */
export const responseName = (codes: readonly ErrorCode[]): string => codes.join(".");

const headersOf = (status: number): readonly HeaderName[] => {
  if (status === 401) return ["WWW-Authenticate"];
  return status === 429 ? ["Retry-After"] : [];
};

/** The component: a problem with one of these codes. */
export function problemAnswer(codes: readonly ErrorCode[]): {
  readonly description: string;
  readonly headers: readonly HeaderName[];
  readonly schema: object;
} {
  const status = Math.max(...codes.map((code) => errorCatalogue[code].status));
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title}.`).join(" "),
    headers: headersOf(status),
    schema: { allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: codes } } }] },
  };
}

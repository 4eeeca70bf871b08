// The one place where a refusal becomes the text of a tool's answer: what, why, and what to do next.

import { errorCatalogue, type ErrorCode, type Refusal } from "@longwire/shared/errors.ts";
import { showSafely } from "./show-safely.ts";

/** Where the catalogue speaks of HTTP. */
const nextCalls: Partial<Record<ErrorCode, string>> = {
  not_found: "Call list_processes() for what there is.",
  runner_timeout:
    "The outcome is unknown. Make the same call with the same request_id, or call list_processes() to look.",
  idempotency_conflict: "Use a new request_id for another call.",
  invalid_request: "Correct what is named and call again.",
  rate_limited: "Wait, then call again.",
};

const maxChars = 2000;

export function describeRefusal({ code, detail, hint, retryAfterMs }: Refusal): string {
  const next = hint ?? nextCalls[code] ?? errorCatalogue[code].hint;
  const wait = retryAfterMs === undefined ? "" : ` Retry after ${Math.ceil(retryAfterMs / 1000)} s.`;
  const tail = showSafely(`\n${next}${wait}`).slice(0, maxChars / 2);
  const head = showSafely(`${code}: ${detail}`);
  const room = maxChars - tail.length;
  return `${head.length > room ? `${head.slice(0, room - 1)}…` : head}${tail}`.toWellFormed();
}

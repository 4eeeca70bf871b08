// The one place where a refusal becomes an HTTP answer (RFC 9457), and where an exception does.

import { errorCatalogue, type Refusal } from "@longwire/shared/errors.ts";
import type { Problem } from "@longwire/shared/api/views.ts";

/** The answer to a refused request. */
export function problemResponse(refusal: Refusal): Response {
  const facts = errorCatalogue[refusal.code];
  const problem: Problem = {
    type: `urn:longwire:problem:${refusal.code}`,
    title: facts.title,
    status: facts.status,
    detail: refusal.detail,
    code: refusal.code,
    hint: refusal.hint ?? facts.hint,
    trace_id: crypto.randomUUID(),
    ...(refusal.retryAfterMs === undefined ? {} : { retry_after_ms: refusal.retryAfterMs }),
    ...(refusal.earliest === undefined ? {} : { earliest: refusal.earliest }),
    ...(refusal.errors === undefined ? {} : { errors: refusal.errors.map((error) => ({ ...error })) }),
  };
  const headers = new Headers({ "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  if (facts.status === 401) headers.set("WWW-Authenticate", 'Bearer realm="longwire"');
  if (refusal.retryAfterMs !== undefined) headers.set("Retry-After", String(Math.ceil(refusal.retryAfterMs / 1000)));
  return new Response(JSON.stringify(problem), { status: facts.status, headers });
}

/** The answer where something threw. */
export function exceptionResponse(error: unknown): Response {
  return problemResponse(exceptionRefusal(error));
}

/** What is said where something threw: nothing of the inside. */
export function exceptionRefusal(error: unknown): Refusal {
  if (error instanceof Error && error.message.includes(machineGone)) {
    return { code: "not_found", detail: "This machine is removed." };
  }
  console.error("request failed", error);
  // An object that was reset, or a broken connection to it: the same request may work a moment later.
  const retryable = typeof error === "object" && error !== null && "retryable" in error && error.retryable === true;
  return retryable || isReset(error)
    ? { code: "runner_timeout", detail: "The machine's object restarted while this was under way." }
    : { code: "internal", detail: "The request failed for a reason on this side." };
}

/** What a machine's object throws once the machine is removed; a Worker may not know of that for a moment. */
export const machineGone = "this machine is removed";

function isReset(error: unknown): boolean {
  return error instanceof Error && /reset|Network connection lost/i.test(error.message);
}

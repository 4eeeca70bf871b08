// The one error of the client: what was refused, in the words of the problem document, or why nobody could be asked.

import { problemSchema, type Problem } from "../src/api/views.ts";
import { errorCatalogue, type ErrorCode } from "../src/errors.ts";

/** `unreachable`: no answer came. `unexpected_answer`: it did not come from a control plane. */
export type LongwireErrorCode = ErrorCode | "unreachable" | "unexpected_answer";

export interface ErrorParts {
  readonly code: LongwireErrorCode;
  readonly detail: string;
  readonly hint?: string | undefined;
  /** 0 where there was no answer; the catalogue's unless given. */
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly problem?: Problem;
  readonly cause?: unknown;
}

const asks = {
  unreachable: "Is the address right, and does the control plane run there?",
  unexpected_answer: "Is the address right, or does a sign-in page stand in between?",
} as const;

export class LongwireError extends Error {
  override readonly name = "LongwireError";
  readonly code: LongwireErrorCode;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  /** The next thing to do. */
  readonly hint: string;
  /** How long the control plane asks to wait; null where it does not say. */
  readonly retryAfterMs: number | null;
  /** The whole document; null where the control plane sent none. */
  readonly problem: Problem | null;

  constructor({ code, detail, hint, status, retryAfterMs, problem, cause }: ErrorParts) {
    super(detail, { cause });
    const facts =
      code === "unreachable" || code === "unexpected_answer" ? { status: 0, hint: asks[code] } : errorCatalogue[code];
    this.code = code;
    this.status = status ?? facts.status;
    this.hint = hint ?? facts.hint;
    this.retryAfterMs = retryAfterMs ?? null;
    this.problem = problem ?? null;
  }

  /** Whether the same call can succeed later without a change. */
  get mayRetry(): boolean {
    if (this.code === "unreachable") return true;
    return this.code !== "unexpected_answer" && errorCatalogue[this.code].mayRetry;
  }
}

/** The error that an answer of this status and body stands for. */
export function readRefusal(status: number, body: unknown): LongwireError {
  const { data: problem } = problemSchema.safeParse(body);
  if (problem === undefined) {
    const detail = `The answer is a ${status}, but not as a control plane gives it.`;
    return new LongwireError({ code: "unexpected_answer", status, detail });
  }
  const { code, detail, hint, retry_after_ms: retryAfterMs } = problem;
  return new LongwireError({ code, detail, hint, status, retryAfterMs, problem });
}

/** Nobody answered. `cause`: what fetch or the socket threw. */
export function unreached(url: string, cause?: unknown): LongwireError {
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  return new LongwireError({ code: "unreachable", detail: `${url} cannot be reached${reason}.`, cause });
}

// The one error catalogue: every refusal a caller can meet, with what each surface makes of it.

/** What a surface needs to know of a code. `hint` is the next thing to do, used where the case has none of its own. */
export interface ErrorFacts {
  readonly status: number;
  readonly title: string;
  readonly exitCode: 1 | 2 | 3 | 4;
  /** Whether the same request can succeed later without a change. */
  readonly mayRetry: boolean;
  readonly hint: string;
}

export const errorCatalogue = {
  unauthorized: {
    status: 401,
    title: "A valid token is needed",
    exitCode: 3,
    mayRetry: false,
    hint: "Send `Authorization: Bearer lw_…`; the token file's path is in the line `start` prints when it is ready.",
  },
  insufficient_scope: {
    status: 403,
    title: "The token does not allow this",
    exitCode: 3,
    mayRetry: false,
    hint: "Use a token with the scope named in the detail.",
  },
  denied_by_machine: {
    status: 403,
    title: "The machine refused",
    exitCode: 3,
    mayRetry: false,
    hint: "The machine's owner decides what runs there: ask them to allow it. Nothing was started.",
  },
  host_not_allowed: {
    status: 403,
    title: "Host or Origin not allowed",
    exitCode: 3,
    mayRetry: false,
    hint: "Use an address this control plane was started with; more names are given by `--allow-host`.",
  },
  not_found: {
    status: 404,
    title: "Not found",
    exitCode: 1,
    mayRetry: false,
    hint: "Check the id; GET /v1/machines and GET /v1/machines/{m}/processes list what exists.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    exitCode: 2,
    mayRetry: false,
    hint: "Use the method the documentation gives for this path.",
  },
  request_timeout: {
    status: 408,
    title: "The request did not come in time",
    exitCode: 4,
    mayRetry: true,
    hint: "Send the whole body within 30 s of its beginning.",
  },
  name_taken: {
    status: 409,
    title: "The name is taken",
    exitCode: 1,
    mayRetry: false,
    hint: "Stop the process of that name first, or start under another name.",
  },
  process_ended: {
    status: 409,
    title: "The process has ended",
    exitCode: 1,
    mayRetry: false,
    hint: "Start it again, or read its output.",
  },
  process_running: {
    status: 409,
    title: "The process is running",
    exitCode: 1,
    mayRetry: false,
    hint: "Stop it first.",
  },
  idempotency_conflict: {
    status: 409,
    title: "The Idempotency-Key was used for another request",
    exitCode: 1,
    mayRetry: false,
    hint: "Use a new key for a new request.",
  },
  limit_reached: {
    status: 409,
    title: "A limit is reached",
    exitCode: 1,
    mayRetry: true,
    hint: "Stop something that is not needed.",
  },
  output_expired: {
    status: 410,
    title: "That output is gone",
    exitCode: 1,
    mayRetry: false,
    hint: "Read from the earliest cursor named in the detail.",
  },
  join_code_refused: {
    status: 410,
    title: "The join code is not good",
    exitCode: 3,
    mayRetry: false,
    hint: "Ask for a new one, made by `runner invite`: it is good once, for ten minutes.",
  },
  payload_too_large: {
    status: 413,
    title: "The request is too large",
    exitCode: 2,
    mayRetry: false,
    hint: "Send less, or put the data in a file on the machine.",
  },
  url_too_long: {
    status: 414,
    title: "The address is too long",
    exitCode: 2,
    mayRetry: false,
    hint: "An address may have 8192 characters; send what is long in a body.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The body is not JSON",
    exitCode: 2,
    mayRetry: false,
    hint: "Send `Content-Type: application/json`.",
  },
  invalid_request: {
    status: 422,
    title: "The request is not valid",
    exitCode: 2,
    mayRetry: false,
    hint: "Correct what `errors` names.",
  },
  upgrade_required: {
    status: 426,
    title: "Another protocol is needed here",
    exitCode: 2,
    mayRetry: false,
    hint: "Open this path as a WebSocket with a subprotocol named in the detail.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    exitCode: 1,
    mayRetry: true,
    hint: "Wait as long as `retry_after_ms` says.",
  },
  headers_too_large: {
    status: 431,
    title: "The headers are too large",
    exitCode: 2,
    mayRetry: false,
    hint: "Send at most 128 headers with 32 KiB together.",
  },
  machine_offline: {
    status: 503,
    title: "The machine is offline",
    exitCode: 4,
    mayRetry: true,
    hint: "Nothing was stored. Its runner dials in by itself when it is back; then try again.",
  },
  runner_timeout: {
    status: 504,
    title: "No word from the machine yet",
    exitCode: 4,
    mayRetry: true,
    hint: "The outcome is unknown. Repeat with the same Idempotency-Key, or look at the process list.",
  },
  spool_full: {
    status: 507,
    title: "The machine's disk is full",
    exitCode: 1,
    mayRetry: true,
    hint: "Free space on the machine, then try again.",
  },
  internal: {
    status: 500,
    title: "Something went wrong here",
    exitCode: 1,
    mayRetry: true,
    hint: "Try again; if it stays, report the trace_id.",
  },
} as const satisfies Record<string, ErrorFacts>;

export type ErrorCode = keyof typeof errorCatalogue;

export const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** One field that is wrong: where it is in the request, and why. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An expected refusal, returned as a value; each surface turns it into its own form in one file. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly hint?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Of what is partly gone: the first cursor that can be read on from. */
  readonly earliest?: string | undefined;
}

/** Reasons of a WebSocket's close, told apart by number. */
export const closeCodes = {
  normal: 1000,
  tooLarge: 1009,
  invalid: 1008,
  goingAway: 1001,
  tryAgain: 1011,
  unauthorized: 4401,
  tooSlow: 4408,
  replaced: 4409,
  upgrade: 4426,
} as const;

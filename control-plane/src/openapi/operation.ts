// What the document says of a route beyond its row in the matrix: one entry for each, in the files of the groups. The
// schemas are those its handler checks with and its answer is typed by.

import type * as z from "zod";
import type { ErrorCode } from "@longwire/shared/errors.ts";

export const tags = {
  Machines: "Machines a token reaches.",
  Processes: "Starting processes, looking after them and ending them.",
  Output: "What processes print, and waiting for it.",
  MCP: "What models' clients speak.",
  Events: "What happens on a machine, in order and without a hole.",
  Approvals: "What waits for a machine's owner.",
  Access: "Tokens, invitations, sessions and tickets.",
  Audit: "Who did what.",
  Webhooks: "Events that are posted to an address.",
  Open: "What needs no token.",
} as const;

/** A header an answer has, or a request may have. */
export const headerNotes = {
  Location: "The path of what was made.",
  "X-Next-Cursor": "The `after` to go on with, as `run.offset`.",
  "X-Process-State": "The run's state.",
  "X-Wait-Ended-By": "What ended the wait, where there was one.",
  "Content-Disposition": "An attachment, with a name for the file.",
  "Set-Cookie": "Over https: the session.",
  ETag: "Changes with the content.",
  "Retry-After": "Seconds until the request may be made again.",
  "WWW-Authenticate": "Asks for a bearer token.",
  "Idempotency-Key":
    "Makes it safe to repeat for 24 hours: the same request under it acts once, another one is refused.",
  "Last-Event-ID": "Of a stream that goes on: the last `id` that came.",
  "If-None-Match": "The `ETag` of what is there already: answered 304 where it is the same.",
} as const;
export type HeaderName = keyof typeof headerNotes;

export interface Answer {
  readonly description: string;
  /** By type; `text` and `bytes` have no schema of ours. */
  readonly content?: Readonly<Record<string, z.ZodType | "text" | "bytes">>;
  /** `?` behind a name: not on each such answer. */
  readonly headers?: readonly (HeaderName | `${HeaderName}?`)[];
}

export interface Operation {
  readonly id: string;
  readonly tag: keyof typeof tags;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodType;
  readonly headers?: readonly HeaderName[];
  readonly body?: z.ZodType;
  /** Has the machine do something: takes an `Idempotency-Key`, and the machine may refuse. */
  readonly acts?: true;
  /** Makes something in the workspace: takes an `Idempotency-Key`. */
  readonly makes?: true;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes beyond those that follow from the rest. */
  readonly refusals?: readonly ErrorCode[];
}

/** By method and path as the matrix writes them, `GET /v1/machines/:machine`. */
export type Operations = Readonly<Record<string, Operation>>;

/** An answer of JSON. */
export function json(description: string, schema: z.ZodType, headers: Answer["headers"] = []): Answer {
  return { description, content: { "application/json": schema }, headers };
}

export const nothing: Answer = { description: "Done; there is no more to say." };

// Bodies and queries, read under a bound and checked by a schema; what is wrong is said field by field.

import type * as z from "zod";
import { bodyWithinMs, maxBodyBytes } from "@longwire/shared/limits.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { refuse, succeed, type Result } from "../result.ts";

/** What a body may be. */
export interface BodyBounds {
  readonly maxBytes: number;
  readonly withinMs: number;
}

const ordinary: BodyBounds = { maxBytes: maxBodyBytes, withinMs: bodyWithinMs };

/** The request's body as text, or a refusal where it is larger, comes slower or is sent otherwise than we take it. */
export async function readText(request: Request, bounds: Partial<BodyBounds> = {}): Promise<Result<string>> {
  const { maxBytes, withinMs } = { ...ordinary, ...bounds };
  const coding = request.headers.get("Content-Encoding") ?? "identity";
  if (coding.toLowerCase() !== "identity") {
    const hint = "Send the body as it is, without a Content-Encoding.";
    return refuse({ code: "unsupported_media_type", detail: `The body is sent as ${JSON.stringify(coding)}.`, hint });
  }
  const tooLarge = refuse({ code: "payload_too_large", detail: `The body is larger than ${maxBytes} bytes.` });
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) return tooLarge;
  const { body } = request;
  if (body === null) return succeed("");
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void reader.cancel();
  }, withinMs);
  try {
    const read = await readChunks(reader, maxBytes);
    if (isLate) return refuse({ code: "request_timeout", detail: `The body was not there within ${withinMs} ms.` });
    return read === null ? tooLarge : succeed(await new Blob(read).text());
  } finally {
    clearTimeout(timer);
  }
}

/** The pieces up to the end; null where they are more than `maxBytes`, and the rest is not taken. */
async function readChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array[] | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    size += value.byteLength;
    if (size > maxBytes) {
      void reader.cancel();
      return null;
    }
    chunks.push(value);
  }
}

/** Whether the body calls itself JSON. */
export function checkJsonType(request: Request): Result<void> {
  const type = request.headers.get("Content-Type") ?? "";
  if (/^application\/(json|[a-z0-9.+-]+\+json)\s*(;|$)/i.test(type)) return succeed(undefined);
  return refuse({ code: "unsupported_media_type", detail: `The body's type is ${JSON.stringify(type)}.` });
}

export interface ReadBody<T> {
  readonly body: T;
  /** As it was sent. */
  readonly text: string;
}

/** The request's JSON body, checked by `schema`; an empty one counts as `{}`. */
export async function readBody<T>(
  request: Request,
  schema: z.ZodType<T>,
  bounds: Partial<BodyBounds> = {},
): Promise<Result<ReadBody<T>>> {
  const text = await readText(request, bounds);
  if (!text.ok) return text;
  const body = parseBody(request, text.value, schema);
  return body.ok ? succeed({ body: body.value, text: text.value }) : body;
}

function parseBody<T>(request: Request, text: string, schema: z.ZodType<T>): Result<T> {
  if (text === "") return checkInput({}, schema);
  const typed = checkJsonType(request);
  if (!typed.ok) return typed;
  const value = parseJson(text);
  if (value === undefined) return refuse({ code: "invalid_request", detail: "The body is not valid JSON." });
  return checkInput(value, schema);
}

/** Checks a query; a parameter given twice is refused, unless it is the `repeatable` one, which comes as an array. */
export function parseQuery<T>(url: string, schema: z.ZodType<T>, repeatable?: string): Result<T> {
  const { searchParams } = new URL(url);
  const entries = [...searchParams].filter(([key]) => key !== repeatable);
  const twice = entries.find(([key], at) => entries.findIndex(([other]) => other === key) !== at);
  const repeated = repeatable === undefined ? [] : searchParams.getAll(repeatable);
  const lists = repeatable === undefined || repeated.length === 0 ? {} : { [repeatable]: repeated };
  if (twice === undefined) return checkInput({ ...Object.fromEntries(entries), ...lists }, schema);
  const errors = [{ path: twice[0], message: "is given twice" }];
  return refuse({ code: "invalid_request", detail: `${twice[0]}: is given twice`, errors });
}

/** Checks what a caller sent; what is wrong is said field by field. */
export function checkInput<T>(value: unknown, schema: z.ZodType<T>): Result<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return succeed(parsed.data);
  const errors = parsed.error.issues.slice(0, 32).map((issue) => ({
    path: issue.path.join("."),
    message: issue.code === "unrecognized_keys" ? `unknown field ${issue.keys.join(", ")}` : issue.message,
  }));
  const detail = errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  return refuse({ code: "invalid_request", detail: detail.slice(0, 2000), errors });
}

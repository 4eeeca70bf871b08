// Parameters of a route: those in its path, those its query's schema has, and headers.

import type * as z from "zod";
import { maxIdempotencyKeyLength } from "@longwire/shared/limits.ts";
import type { RouteRow } from "../access/matrix.ts";
import { headerNotes, type Operation } from "./operation.ts";
import type { JsonSchema, SchemaBook } from "./schemas.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

const pathNotes: Readonly<Record<string, string>> = {
  machine: "A machine's id or name, or `-` for the only one the token reaches.",
  process: "A process's id or name.",
  approval: "An approval's id.",
  token: "A token's id.",
  file: "Its name, as the page has it.",
  webhook: "A webhook's id.",
};

/** Of parameters that mean the same wherever they are, where their schemas say no more. */
const queryNotes: Readonly<Record<string, string>> = {
  limit: "How many at most.",
  cursor: "The `next_cursor` of the page before.",
  metrics: "With what is used now, measured for this answer.",
  until: "What ends the wait; may be given several times.",
  idle_ms: "How long nothing is printed, for `until=idle`; 2000 unless given.",
  wait_ms: "How long to wait at most.",
  process: "Only of this process, by id or name.",
  tag: "Only of processes with this tag.",
  name: "Only the process of this name.",
  type: "Only events of this type.",
  run: "Another run than the latest.",
  with: "The run to compare with; the one before unless given.",
  tail: "The last lines only.",
  stream: "What was printed on this stream only.",
  context: "How many lines around a match.",
  max_chars: "How long the text may be; 8000 unless given.",
  timestamps: "With the time of each line.",
  since: "Only what was printed since; RFC 3339.",
  state: "Only processes in this state; `live` has the last ten that ended as well.",
  format: "The form of the answer.",
};

/** `after` is a seq of events or a place in a run's output. */
const afterNote = (schema: JsonSchema): string =>
  schema["type"] === "integer"
    ? "Only what is behind this one."
    : "Only what was printed behind this cursor, `run.offset`.";

export function pathOf(path: string): string {
  return path.replaceAll(/:([a-z]+)/g, "{$1}");
}

export function parametersOf({ path }: RouteRow, operation: Operation, book: SchemaBook): readonly Parameter[] {
  const inPath = [...path.matchAll(/:([a-z]+)/g)].map(([, name = ""]) => ({
    ...{ name, in: "path" as const, required: true, description: pathNotes[name] ?? "" },
    schema: { type: "string" },
  }));
  const takesKey = operation.acts === true || operation.makes === true;
  const names = [...(operation.headers ?? []), ...(takesKey ? (["Idempotency-Key"] as const) : [])];
  const inHeaders = names.map((name) => ({
    ...{ name, in: "header" as const, required: false, description: headerNotes[name] },
    schema:
      name === "Idempotency-Key"
        ? { type: "string", minLength: 1, maxLength: maxIdempotencyKeyLength }
        : { type: "string" },
  }));
  return [...inPath, ...(operation.query === undefined ? [] : queryOf(operation.query, book)), ...inHeaders];
}

function queryOf(query: z.ZodType, book: SchemaBook): Parameter[] {
  const { properties = {}, required = [] } = book.put(query, "input") as {
    readonly properties?: Readonly<Record<string, JsonSchema & { readonly description?: string }>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: "query" as const, required: required.includes(name) },
    description: description ?? (name === "after" ? afterNote(schema) : (queryNotes[name] ?? "")),
    schema,
  }));
}

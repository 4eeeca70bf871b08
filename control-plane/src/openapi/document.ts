// The OpenAPI 3.1 document of all routes, made of the matrix, of what the groups say and of the schemas that requests
// are checked with. A route that is not described is a bug, and so is a description without its route.

import type { ErrorCode } from "@longwire/shared/errors.ts";
import { problemSchema } from "@longwire/shared/api/views.ts";
import { routeMatrix, type RouteRow } from "../access/matrix.ts";
import { accessOperations } from "./access.ts";
import { machineOperations } from "./machines.ts";
import { mcpOperations } from "./mcp.ts";
import { openOperations } from "./open.ts";
import { headerNotes, tags, type Answer, type HeaderName, type Operation, type Operations } from "./operation.ts";
import { outputOperations } from "./outputs.ts";
import { parametersOf, pathOf, type Parameter } from "./parameters.ts";
import { problemAnswer, refusalsOf, responseName } from "./problems.ts";
import { processOperations } from "./processes.ts";
import { webhookOperations } from "./webhooks.ts";
import { SchemaBook, type JsonSchema } from "./schemas.ts";

export const operations: Operations = {
  ...machineOperations,
  ...processOperations,
  ...outputOperations,
  ...mcpOperations,
  ...accessOperations,
  ...webhookOperations,
  ...openOperations,
};

export interface DocumentedOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

const description = [
  "Remote programs drive real processes on a developer's machine. Bodies are JSON and refuse unknown fields; unknown",
  "parameters are refused as well. Refusals are problem documents (RFC 9457) with a `code` and a `hint`.",
].join(" ");

export function buildDocument(): OpenApiDocument {
  const book = new SchemaBook();
  const problems = new Map<string, readonly ErrorCode[]>();
  const paths: Record<string, Record<string, DocumentedOperation>> = {};
  for (const row of routeMatrix) {
    const operation = operations[`${row.method} ${row.path}`];
    if (operation === undefined) throw new Error(`${row.method} ${row.path} is not described`);
    for (const codes of refusalsOf(row, operation).values()) problems.set(responseName(codes), codes);
    const methods = (paths[pathOf(row.path)] ??= {});
    methods[row.method.toLowerCase()] = documentOperation(row, operation, book);
  }
  book.put(problemSchema, "output");
  const responses = Object.fromEntries([...problems].map(([name, codes]) => [name, problemResponse(codes)]));
  const token = {
    ...{ type: "http", scheme: "bearer", bearerFormat: "lw_…" },
    description: "The words beside it are the scopes the token needs; `link` is a machine's own, `session` a page's.",
  };
  return {
    openapi: "3.1.1",
    info: { title: "Longwire", version: "1", description, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    tags: Object.entries(tags).map(([name, note]) => ({ name, description: note })),
    paths,
    components: { schemas: book.components, responses, securitySchemes: { token } },
  } as OpenApiDocument;
}

function documentOperation(row: RouteRow, operation: Operation, book: SchemaBook): DocumentedOperation {
  const { id, tag, summary, body, answers } = operation;
  const parameters = parametersOf(row, operation, book);
  const notes = [operation.description, scopeNote(row)].filter((note) => note !== undefined).join(" ");
  const given = Object.entries(answers).map(([status, answer]) => [status, documentAnswer(answer, book)]);
  const refused = [...refusalsOf(row, operation)].map(([status, codes]) => [
    status,
    { $ref: `#/components/responses/${responseName(codes)}` },
  ]);
  return {
    ...{ operationId: id, tags: [tag], summary },
    ...(notes === "" ? {} : { description: notes }),
    security: row.needs === "open" ? [] : [{ token: row.needs }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined || row.method === "DELETE" ? {} : { requestBody: documentBody(body, book) }),
    responses: Object.fromEntries([...given, ...refused]) as Record<string, object>,
  };
}

function scopeNote({ withQuery }: RouteRow): string | undefined {
  if (withQuery === undefined) return undefined;
  const { parameter, needs } = withQuery;
  return `With \`${parameter}\` it needs the scope ${needs.map((need) => `\`${need}\``).join(" and ")} as well.`;
}

/** An absent body counts as `{}`. */
function documentBody(body: NonNullable<Operation["body"]>, book: SchemaBook): object {
  const required = !body.safeParse({}).success;
  return { required, content: { "application/json": { schema: book.put(body, "input") } } };
}

function documentAnswer({ description: note, content, headers = [] }: Answer, book: SchemaBook): object {
  const schemaOf = (schema: NonNullable<Answer["content"]>[string]): JsonSchema => {
    if (schema === "text") return { type: "string" };
    return schema === "bytes" ? { type: "string", format: "binary" } : book.put(schema, "output");
  };
  const types = Object.entries(content ?? {}).map(([type, schema]) => [type, { schema: schemaOf(schema) }]);
  return {
    description: note,
    ...(headers.length === 0 ? {} : { headers: documentHeaders(headers) }),
    ...(types.length === 0 ? {} : { content: Object.fromEntries(types) as object }),
  };
}

function documentHeaders(names: NonNullable<Answer["headers"]>): object {
  return Object.fromEntries(
    names.map((written) => {
      const name = written.replace(/\?$/, "") as HeaderName;
      return [name, { description: headerNotes[name], required: name === written, schema: { type: "string" } }];
    }),
  );
}

function problemResponse(codes: readonly ErrorCode[]): object {
  const { description: note, headers, schema } = problemAnswer(codes);
  return {
    description: note,
    ...(headers.length === 0 ? {} : { headers: documentHeaders(headers) }),
    content: { "application/problem+json": { schema } },
  };
}

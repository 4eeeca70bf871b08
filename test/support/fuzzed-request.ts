// Requests made up from the OpenAPI document: mostly of the shape an operation takes, with something odd here and there.

import * as fc from "fast-check";
import type { Document } from "./documented.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Short, so that a test is: what a request may wait for, as numbers in a body and as words in a query. */
const short: Readonly<Record<string, readonly unknown[]>> = {
  wait_ms: [0, 1, 5, -1, 50_001, "x"],
  idle_ms: [0, 1, -1, 50_001],
  grace_ms: [0, 1, -1, 20_001],
  timeout_ms: [1, 0],
};
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("", "\0", "__proto__", "constructor", "💥", "..", "x".repeat(5000), -0, 1e308, 2 ** 53),
);

const absent = fc.constant(null);

/** Any request to an operation that `isMeant`. */
export function fuzzedRequest(
  document: Document,
  isMeant: (operationId: string) => boolean,
): fc.Arbitrary<FuzzedRequest> {
  const schemas = (document.components as unknown as { readonly schemas: Readonly<Record<string, Schema>> }).schemas;
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
  );
  const meant = all.filter(({ operation }) => isMeant(operation.operationId));
  return fc.oneof(...meant.map(({ path, method, operation }) => requestTo(method, path, operation, schemas)));
}

type Schemas = Readonly<Record<string, Schema>>;

function requestTo(method: string, path: string, operation: Operation, schemas: Schemas): fc.Arbitrary<FuzzedRequest> {
  const { parameters = [], requestBody } = operation;
  const query = parameters.filter((parameter) => parameter.in === "query");
  const body = requestBody?.content["application/json"]?.schema;
  return fc
    .record({
      path: pathLike(path),
      query: queryLike(query, schemas),
      body: body === undefined ? fc.constant(undefined) : fc.oneof({ weight: 9, arbitrary: like(body, schemas) }, odd),
      key: fc.option(fc.constantFrom("one", "two", ""), { freq: 5 }),
    })
    .map((made) => ({
      method: method.toUpperCase(),
      path: `${made.path}?${made.query}`,
      body: made.body,
      headers: made.key === null ? {} : { "Idempotency-Key": made.key },
    }));
}

function pathLike(path: string): fc.Arbitrary<string> {
  const word = fc.string({ minLength: 1 }).filter((text) => !/^\.\.?$/.test(text));
  const known: Readonly<Record<string, string>> = { "{machine}": "-", "{process}": "steady" };
  const segments = path.split("/").map((part) => {
    if (!part.startsWith("{")) return fc.constant(part);
    const mostly = fc.constant(known[part] ?? "000000000000");
    return fc.oneof({ weight: 9, arbitrary: mostly }, word.map(encodeURIComponent), fc.constantFrom("p1", "p0", "%00"));
  });
  return fc.tuple(...segments).map((parts) => parts.join("/"));
}

/** Who may wait says how long. */
function queryLike(parameters: readonly Parameter[], schemas: Schemas): fc.Arbitrary<string> {
  // Few at a time: many of them do not go together.
  const pairs = parameters.map(({ name, schema, required }) =>
    fc
      .oneof({ weight: required ? 9 : 1, arbitrary: valueOf(name, schema, schemas) }, { weight: 4, arbitrary: absent })
      .map((value) => ({ name, value })),
  );
  const isWaiting = parameters.some(({ name }) => name === "wait_ms");
  return fc.tuple(...pairs).map((made) => {
    const search = new URLSearchParams();
    for (const { name, value } of made) {
      if (value === null) continue;
      for (const one of Array.isArray(value) ? value : [value]) search.append(name, textOf(one));
    }
    if (
      isWaiting &&
      (search.has("until") || parameters.some(({ name }) => name === "after")) &&
      !search.has("wait_ms")
    ) {
      search.set("wait_ms", "1");
    }
    return search.toString();
  });
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

function valueOf(name: string, schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const brief = short[name];
  return brief === undefined ? like(schema, schemas) : fc.constantFrom(...brief);
}

/** Mostly what the schema takes. */
function like(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: exactly(schema, schemas) }, odd);
}

function exactly(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const { $ref, type, anyOf, oneOf, properties, required = [], items, minimum = -1000, maximum = 1000 } = schema;
  if ($ref !== undefined) return exactly(schemas[$ref.split("/").at(-1) ?? ""] ?? {}, schemas);
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((one) => exactly(one, schemas)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (properties !== undefined) {
    const fields = Object.entries(properties).map(([name, field]) => {
      const made = valueOf(name, field, schemas).map((value) => [[name, value]]);
      return fc.oneof(
        { weight: required.includes(name) ? 9 : 2, arbitrary: made },
        { weight: 3, arbitrary: fc.constant([]) },
      );
    });
    return fc.tuple(...fields).map((pairs) => Object.fromEntries(pairs.flat() as [string, unknown][]) as unknown);
  }
  switch (typeof type === "string" ? type : "anything") {
    case "string":
      return fc.oneof(fc.constantFrom("steady", "stay", "x"), fc.string());
    case "integer":
      return fc.integer({ min: Math.ceil(minimum), max: Math.max(Math.ceil(minimum), Math.min(maximum, 2 ** 31)) });
    case "number":
      return fc.double();
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(like(items ?? {}, schemas), { maxLength: 4 });
    case "object":
      return fc.dictionary(fc.string({ maxLength: 8 }), fc.oneof(fc.string(), fc.integer()), { maxKeys: 3 });
    default:
      return odd;
  }
}

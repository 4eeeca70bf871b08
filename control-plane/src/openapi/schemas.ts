// Schemas as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. Those with an id are components, said once.

import * as z from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Gathers components while schemas are put into the document. */
export class SchemaBook {
  readonly components: Record<string, JsonSchema> = {};

  /** `input`: as it is sent, before defaults and transforms; `output`: as it is answered. */
  put(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const made = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => tidy(jsonSchema) });
    const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
    const { $schema: _, $defs = {}, ...root } = JSON.parse(text) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    for (const [id, component] of Object.entries($defs)) this.#define(id, component);
    return root;
  }

  #define(id: string, component: JsonSchema): void {
    const { id: _, ...schema } = component;
    const known = this.components[id];
    if (known === undefined) this.components[id] = schema;
    else if (JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`two schemas are called ${id}`);
  }
}

/** Leaves out what says nothing: the bounds of a safe integer, and the digits of a parameter that is a number. */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.type === "integer") delete schema.pattern;
}

// Calls that read what was printed: rendered, as JSON, as a digest, as bytes; compared; searched.

import * as z from "zod";
import type { compareQuerySchema, outputQuerySchema } from "../src/api/output-requests.ts";
import type { machineSearchQuerySchema, searchQuerySchema } from "../src/api/search-requests.ts";
import { outputAnswerSchema, searchAnswerSchema } from "../src/api/views.ts";
import { processStateSchema, type ProcessState } from "../src/process-state.ts";
import type { Caller, CallOptions } from "./caller.ts";
import { LongwireError } from "./longwire-error.ts";
import type { Asked } from "./query.ts";

/** What is asked of an output; `format` is said by the call. */
export type OutputAsked = Omit<Asked<z.input<typeof outputQuerySchema>>, "format">;

export interface ReadOutput<T> {
  readonly output: T;
  /** The `after` to go on with. */
  readonly nextCursor: string;
  readonly state: ProcessState;
  /** Of the wait that was asked for with `until`; null where none was. */
  readonly endedBy: string | null;
}

const searchedMachinesSchema = z.object({
  machines: z.array(searchAnswerSchema.extend({ machine_id: z.string(), name: z.string() })),
});

export function outputCalls(caller: Caller) {
  const read = async <T>(
    process: string,
    query: OutputAsked & { readonly format: string },
    options: CallOptions | undefined,
    take: (response: Response) => Promise<T>,
  ): Promise<ReadOutput<T>> => {
    const path = caller.processPath(process, "/output");
    return await caller.read({ method: "GET", path, query, kind: "look" }, options ?? {}, async (response) => ({
      output: await take(response),
      ...readHeaders(response),
    }));
  };

  return {
    /** As a terminal would show it at last, within `max_chars`. */
    output: (process: string, asked: OutputAsked = {}, options?: CallOptions) =>
      read(process, { ...asked, format: "text" }, options, (response) => response.text()),
    /** The same with its places: what is left out, gaps, filters. */
    outputJson: (process: string, asked: OutputAsked = {}, options?: CallOptions) =>
      read(process, { ...asked, format: "json" }, options, async (response) =>
        outputAnswerSchema.parse(await response.json()),
      ),
    /** How it went, in a few lines: errors, totals, addresses. */
    digest: (process: string, asked: OutputAsked = {}, options?: CallOptions) =>
      read(process, { ...asked, format: "digest" }, options, (response) => response.text()),
    /** The bytes as they were printed. */
    rawOutput: (process: string, asked: OutputAsked = {}, options?: CallOptions) =>
      read(
        process,
        { ...asked, format: "raw" },
        options,
        async (response) => new Uint8Array(await response.arrayBuffer()),
      ),

    /** The same as they come, for what is too much to hold. A stream that breaks is not begun again. */
    rawStream: (process: string, asked: OutputAsked = {}, options?: CallOptions) =>
      read(process, { ...asked, format: "raw" }, options, (response) =>
        Promise.resolve(response.body ?? new ReadableStream<Uint8Array>()),
      ),

    /** What is new in the latest run against the one before; errors first. */
    compare: (process: string, asked: Asked<z.input<typeof compareQuerySchema>> = {}, options: CallOptions = {}) => {
      const path = caller.processPath(process, "/compare");
      return caller.read({ method: "GET", path, query: asked, kind: "look" }, options, (response) => response.text());
    },

    search: (asked: Asked<z.input<typeof machineSearchQuerySchema>>, options?: CallOptions) => {
      const path = caller.machinePath("/search");
      return caller.json({ method: "GET", path, query: asked, kind: "look" }, searchAnswerSchema, options);
    },
    /** On every machine of the token at once. */
    searchMachines: async (asked: Asked<z.input<typeof searchQuerySchema>>, options?: CallOptions) => {
      const call = { method: "GET", path: "/v1/search", query: asked, kind: "look" } as const;
      return (await caller.json(call, searchedMachinesSchema, options)).machines;
    },
  };
}

function readHeaders({ headers, status }: Response): Omit<ReadOutput<unknown>, "output"> {
  const nextCursor = headers.get("X-Next-Cursor");
  const state = processStateSchema.safeParse(headers.get("X-Process-State"));
  if (nextCursor === null || !state.success) {
    const detail = "The answer does not say where the output goes on.";
    throw new LongwireError({ code: "unexpected_answer", status, detail });
  }
  return { nextCursor, state: state.data, endedBy: headers.get("X-Wait-Ended-By") };
}

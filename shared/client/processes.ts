// Calls that begin, change, end and list processes. Fields of bodies and queries are the API's own.

import type * as z from "zod";
import type {
  inputRequestSchema,
  processQuerySchema,
  resizeRequestSchema,
  restartRequestSchema,
  runsQuerySchema,
  signalRequestSchema,
  startRequestSchema,
  stopManyRequestSchema,
  stopRequestSchema,
} from "../src/api/requests.ts";
import {
  listOf,
  processSchema,
  signalAnswerSchema,
  startedAnswerSchema,
  stopAnswerSchema,
  waitAnswerSchema,
} from "../src/api/views.ts";
import type { waitFields } from "../src/api/wait-requests.ts";
import type { Caller, CallOptions } from "./caller.ts";
import type { Asked } from "./query.ts";

/** A wait behind what is asked for; `until` is what makes it one. */
export type WaitHere = Asked<z.input<z.ZodObject<typeof waitFields>>>;

const processesSchema = listOf(processSchema);
const stopsSchema = listOf(stopAnswerSchema);
const startSchema = processSchema.extend({ wait: startedAnswerSchema.shape.wait.optional() });
const inputSchema = waitAnswerSchema.partial().extend({ process: processSchema });

export function processCalls(caller: Caller) {
  /** An act on one process whose answer is the process. */
  const act = async (process: string, what: string, body: unknown, options?: CallOptions) => {
    const path = caller.processPath(process, what);
    return (await caller.json({ method: "POST", path, body, kind: "act" }, signalAnswerSchema, options)).process;
  };

  return {
    /** Begins a process. With `here.until` it waits there; `wait` says how that ended. */
    start: (request: z.input<typeof startRequestSchema>, here: WaitHere = {}, options?: CallOptions) => {
      const path = caller.machinePath("/processes");
      return caller.json({ method: "POST", path, query: here, body: request, kind: "act" }, startSchema, options);
    },

    /** Resolves once its whole tree is gone, or says in `survivors` who is left. */
    stop: (process: string, how: z.input<typeof stopRequestSchema> = {}, options?: CallOptions) => {
      const path = caller.processPath(process, "/stop");
      return caller.json({ method: "POST", path, body: how, kind: "act" }, stopAnswerSchema, options);
    },

    stopMany: (which: z.input<typeof stopManyRequestSchema>, options?: CallOptions) => {
      const path = caller.machinePath("/processes/stop");
      return caller.json({ method: "POST", path, body: which, kind: "act" }, stopsSchema, options);
    },

    /** Stops it and begins its next run; `here` as in `start`. */
    restart: (
      process: string,
      how: z.input<typeof restartRequestSchema> = {},
      here: WaitHere = {},
      options?: CallOptions,
    ) => {
      const path = caller.processPath(process, "/restart");
      return caller.json({ method: "POST", path, query: here, body: how, kind: "act" }, startSchema, options);
    },

    signal: (process: string, what: z.input<typeof signalRequestSchema>, options?: CallOptions) =>
      act(process, "/signal", what, options),
    pause: (process: string, options?: CallOptions) => act(process, "/pause", {}, options),
    resume: (process: string, options?: CallOptions) => act(process, "/resume", {}, options),
    resize: (process: string, size: z.input<typeof resizeRequestSchema>, options?: CallOptions) =>
      act(process, "/resize", size, options),

    /** Types. With `here.until` the answer is that of a wait from where the output stood. */
    input: (process: string, what: z.input<typeof inputRequestSchema>, here: WaitHere = {}, options?: CallOptions) => {
      const path = caller.processPath(process, "/input");
      return caller.json({ method: "POST", path, query: here, body: what, kind: "act" }, inputSchema, options);
    },

    /** One process, in its latest run. */
    process: (process: string, asked: { readonly metrics?: boolean } = {}, options?: CallOptions) => {
      const path = caller.processPath(process);
      return caller.json({ method: "GET", path, query: asked, kind: "look" }, processSchema, options);
    },

    processes: (asked: Asked<z.input<typeof processQuerySchema>> = {}, options?: CallOptions) => {
      const path = caller.machinePath("/processes");
      return caller.json({ method: "GET", path, query: asked, kind: "look" }, processesSchema, options);
    },

    /** Of one process, newest first. */
    runs: (process: string, asked: Asked<z.input<typeof runsQuerySchema>> = {}, options?: CallOptions) => {
      const path = caller.processPath(process, "/runs");
      return caller.json({ method: "GET", path, query: asked, kind: "look" }, processesSchema, options);
    },

    /** Forgets an ended process. */
    forget: (process: string, options: CallOptions = {}): Promise<void> => {
      const path = caller.processPath(process);
      return caller.read({ method: "DELETE", path, kind: "act" }, options, () => Promise.resolve());
    },
  };
}

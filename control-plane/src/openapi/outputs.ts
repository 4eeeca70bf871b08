// What processes print: read, waited for, compared, searched.

import { compareQuerySchema, outputQuerySchema } from "@longwire/shared/api/output-requests.ts";
import { machineSearchQuerySchema, searchQuerySchema } from "@longwire/shared/api/search-requests.ts";
import { machinesSearchAnswerSchema } from "@longwire/shared/api/machines-search.ts";
import { outputAnswerSchema, searchAnswerSchema, waitAnswerSchema } from "@longwire/shared/api/views.ts";
import { waitQuerySchema } from "@longwire/shared/api/wait-requests.ts";
import { json, type Operations } from "./operation.ts";

const machine = "/v1/machines/:machine";
const process = `${machine}/processes/:process`;
const tag = "Output";

export const outputOperations: Operations = {
  [`GET ${process}/output`]: {
    ...{ id: "readOutput", tag, summary: "Read what a run printed" },
    description:
      "`format=text` is rendered as a terminal would show it at last, within `max_chars`; `json` is the same with its places; `digest` tells errors, test totals, ports and the like; `raw` is the bytes. With `until` after a wait.",
    query: outputQuerySchema,
    answers: {
      200: {
        description: "Output in the form that was asked for.",
        content: { "text/plain": "text", "application/json": outputAnswerSchema, "application/octet-stream": "bytes" },
        headers: ["X-Next-Cursor", "X-Process-State", "X-Wait-Ended-By?", "Content-Disposition?"],
      },
    },
    refusals: ["output_expired"],
  },
  [`GET ${process}/wait`]: {
    ...{ id: "waitForProcess", tag, summary: "Wait for something of a process" },
    description: "Ends on any of `until` (default `exit`), at the run's end, and after `wait_ms` as `time_up`.",
    query: waitQuerySchema,
    answers: { 200: json("Why it ended, and what was printed meanwhile.", waitAnswerSchema) },
    refusals: ["output_expired"],
  },
  [`GET ${process}/compare`]: {
    ...{ id: "compareRuns", tag, summary: "What is new in a run against another one, errors first" },
    query: compareQuerySchema,
    answers: { 200: { description: "In words, with cursors.", content: { "text/plain": "text" } } },
  },
  [`GET ${machine}/search`]: {
    ...{ id: "searchMachine", tag, summary: "Find lines in what a machine's processes printed" },
    query: machineSearchQuerySchema,
    answers: { 200: json("Matches, the newest process first.", searchAnswerSchema) },
  },
  "GET /v1/search": {
    ...{ id: "search", tag, summary: "Find lines on all machines of the token" },
    query: searchQuerySchema,
    answers: { 200: json("Matches by machine.", machinesSearchAnswerSchema) },
  },
};

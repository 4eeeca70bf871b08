// Processes: started, looked at, told something, ended.

import {
  emptyRequestSchema,
  inputRequestSchema,
  metricsQuerySchema,
  processQuerySchema,
  resizeRequestSchema,
  restartRequestSchema,
  runsQuerySchema,
  signalRequestSchema,
  startRequestSchema,
  stopManyRequestSchema,
  stopRequestSchema,
} from "@longwire/shared/api/requests.ts";
import {
  listOf,
  processSchema,
  signalAnswerSchema,
  startedAnswerSchema,
  stopAnswerSchema,
  waitAnswerSchema,
} from "@longwire/shared/api/views.ts";
import { startQuerySchema } from "@longwire/shared/api/wait-requests.ts";
import * as z from "zod";
import { json, nothing, type Operation, type Operations } from "./operation.ts";

const processes = "/v1/machines/:machine/processes";
const process = `${processes}/:process`;
const tag = "Processes";

/** Alone, or with how the wait ended that `until` asked for. */
const begun = z.union([processSchema, startedAnswerSchema]);
const acted = json("The process.", signalAnswerSchema);

const withoutBody = (id: string, summary: string): Operation => ({
  ...{ id, tag, summary },
  body: emptyRequestSchema,
  acts: true,
  answers: { 200: acted },
});

export const processOperations: Operations = {
  [`GET ${processes}`]: {
    ...{ id: "listProcesses", tag, summary: "List processes" },
    description: "Without `state` those that live and the last ten that ended.",
    query: processQuerySchema,
    answers: { 200: json("Processes, each in its latest run.", listOf(processSchema)) },
  },
  [`POST ${processes}`]: {
    ...{ id: "startProcess", tag, summary: "Start a process" },
    description: "With `until` it waits from the run's beginning, and `wait` says how that ended.",
    query: startQuerySchema,
    body: startRequestSchema,
    acts: true,
    answers: {
      200: json("One that lives already, as `if_running` asked.", begun, ["Location"]),
      201: json("Started, or `pending` where it waits for its turn or its owner.", begun, ["Location"]),
    },
  },
  [`POST ${processes}/stop`]: {
    ...{ id: "stopProcesses", tag, summary: "Stop every live process that fits" },
    body: stopManyRequestSchema,
    acts: true,
    answers: { 200: json("One answer for each.", listOf(stopAnswerSchema)) },
  },
  [`GET ${process}`]: {
    ...{ id: "getProcess", tag, summary: "Look at a process" },
    query: metricsQuerySchema,
    answers: { 200: json("The process in its latest run.", processSchema) },
  },
  [`DELETE ${process}`]: {
    ...{ id: "forgetProcess", tag, summary: "Forget a process that has ended" },
    body: emptyRequestSchema,
    acts: true,
    answers: { 204: nothing },
  },
  [`GET ${process}/runs`]: {
    ...{ id: "listRuns", tag, summary: "List a process's runs, newest first" },
    query: runsQuerySchema,
    answers: { 200: json("The process as it was in each.", listOf(processSchema)) },
  },
  [`POST ${process}/stop`]: {
    ...{ id: "stopProcess", tag, summary: "Stop a process and all it started" },
    description: "`signal`, then SIGTERM, then SIGKILL, each after `grace_ms`. The answer comes when all are gone.",
    body: stopRequestSchema,
    acts: true,
    answers: { 200: json("`stopped` is true where nobody is left; else `survivors` names them.", stopAnswerSchema) },
  },
  [`POST ${process}/restart`]: {
    ...{ id: "restartProcess", tag, summary: "Stop a process and begin its next run" },
    query: startQuerySchema,
    body: restartRequestSchema,
    acts: true,
    answers: {
      200: json("A run that was about to begin already.", begun, ["Location"]),
      201: json("The process in its next run.", begun, ["Location"]),
    },
  },
  [`POST ${process}/signal`]: {
    ...{ id: "signalProcess", tag, summary: "Send a signal to the process group, or to the whole tree" },
    body: signalRequestSchema,
    acts: true,
    answers: { 200: acted },
  },
  [`POST ${process}/pause`]: withoutBody("pauseProcess", "Halt the whole tree"),
  [`POST ${process}/resume`]: withoutBody("resumeProcess", "Let a paused tree go on"),
  [`POST ${process}/resize`]: {
    ...{ id: "resizeTerminal", tag, summary: "Give its terminal another size" },
    body: resizeRequestSchema,
    acts: true,
    answers: { 200: acted },
  },
  [`POST ${process}/input`]: {
    ...{ id: "sendInput", tag, summary: "Give it input" },
    description:
      "Sent in this order: text or data, keys, Enter; then the input is closed. With `until` it waits from where the output stood when the input was given.",
    query: startQuerySchema,
    body: inputRequestSchema,
    acts: true,
    answers: {
      200: json("The process; after a wait with how that ended.", z.union([signalAnswerSchema, waitAnswerSchema])),
    },
  },
};

// Calls of the control plane's API from the command line. A refusal ends the command with the exit code its code stands
// for, with what happened and what to do next.

import type * as z from "zod";
import { problemSchema } from "@longwire/shared/api/views.ts";
import { errorCatalogue } from "@longwire/shared/errors.ts";
import { CliFailure, exitCodes } from "./exit.ts";
import { requestJson, type JsonRequest } from "./request-json.ts";

/** Where to, and with which token; null for what needs none. */
export interface ApiAccess {
  readonly server: string;
  readonly token: string | null;
}

export interface ApiCall extends Omit<JsonRequest, "token"> {
  /** With its query, such as `/v1/tokens?limit=5`. */
  readonly path: string;
}

/** The answer, checked; `schema` null where there is none to read. Throws {@link CliFailure}. */
export async function callApi<T>(access: ApiAccess, call: ApiCall, schema: z.ZodType<T> | null): Promise<T> {
  const { method, path, body } = call;
  const url = addressOf(access.server, path);
  const token = access.token === null ? {} : { token: access.token };
  const answer = await requestJson(url, { method, body, ...token }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliFailure(`${url.origin} cannot be reached (${reason}). Is the address right?`, exitCodes.unreachable);
  });
  if (answer.status >= 200 && answer.status < 300) {
    if (schema === null) return undefined as T;
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
  }
  const problem = problemSchema.safeParse(answer.body);
  if (problem.success) {
    const { detail, hint, code } = problem.data;
    throw new CliFailure(`${url.origin} refused: ${detail} ${hint}`, errorCatalogue[code].exitCode);
  }
  const guess = "Is the address right, or does a sign-in page stand in between?";
  throw new CliFailure(
    `${url.origin} answered ${answer.status}, but not as a control plane does. ${guess}`,
    exitCodes.unreachable,
  );
}

function addressOf(server: string, path: string): URL {
  const url = URL.canParse(server) ? new URL(path, server) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new CliFailure(`${JSON.stringify(server)} is no address of a control plane.`, exitCodes.usage);
}

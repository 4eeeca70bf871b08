// All that will run, gathered as it is now: what an approval is given for, and what is compared with it when it begins.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import { type BoundFiles, identifyBound } from "../shim/file-identity.ts";
import { argvOf } from "../shim/spawn-child.ts";

export interface WhatRuns {
  /** In full: whatever it says changes what runs, or how. */
  readonly request: StartRequest;
  /** Absolute. */
  readonly cwd: string;
  /** All of the child's, but for the mark its shim gives each run. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bound: BoundFiles;
}

/** Looks up the program and the folder. */
export function gatherWhatRuns(
  request: StartRequest,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): WhatRuns {
  const { command, argv } = request;
  const label = { ...(command === undefined ? {} : { command }), ...(argv === undefined ? {} : { argv }) };
  return { request, cwd, environment, bound: identifyBound(argvOf(label), cwd, environment["PATH"]) };
}

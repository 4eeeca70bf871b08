// Finds on the machine what is to be masked for a run in a folder.

import { existsSync } from "node:fs";
import type { PolicyFile } from "../admit/policy-schema.ts";
import type { Secrets } from "./needles.ts";
import { readEnvFiles } from "./read-env-files.ts";
import { findSecretValues, type Variables } from "./secret-values.ts";

/** `folder`: null where there is none, as for what is told of no run. */
export function gatherSecrets(
  environments: readonly Variables[],
  folder: string | null,
  redact: PolicyFile["redact"],
): Secrets {
  const files = folder === null ? [] : readEnvFiles(folder);
  const facts = { environments, files, listed: redact?.values ?? [], exists: existsSync };
  return { values: findSecretValues(facts), patterns: redact?.patterns ?? [] };
}

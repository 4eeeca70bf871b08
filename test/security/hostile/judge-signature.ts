// Whether a program that signed the ledger may have run so, by the owner's policy as a person reads it. Written apart from
// the runner, of which nothing is used here: what the runner thinks is what is on trial.

import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";

/** What a program says of itself. */
export interface Signature {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly options: readonly string[];
  readonly cwd: string;
  /** `NAME=value`, as the system gives it. */
  readonly environment: readonly string[];
}

/** Names a run's environment has beside the owner's: the runner's own marks, a parameter's, and what the policy lets callers give. */
const added =
  /^(RUNNER_PROCESS_ID|PARAM_TEXT|CI|PAGER|GIT_PAGER|GIT_TERMINAL_PROMPT|PYTHONUNBUFFERED|PWD|OLDPWD|SHLVL|_)$/;
const constant: Readonly<Record<string, string>> = { PAGER: "cat", GIT_PAGER: "cat" };

const oneArgument: Readonly<Record<string, (value: string, root: string) => boolean>> = {
  text: (value) => !value.startsWith("-"),
  trail: (value) => !value.startsWith("-"),
  line: (value) => !value.startsWith("-"),
  within: (value) => value.startsWith("--text="),
  word: (value) => /^[a-z]{1,20}$/.test(value) && !value.includes("\n"),
  file: isInside,
  count: (value) => /^[0-9]$/.test(value),
  ratio: (value) => /^-?[0-9.e-]+$/.test(value) && Number(value) >= 0 && Number(value) <= 1,
  flag: (value) => value === "true" || value === "false",
  pick: (value) => value === "one" || value === "two",
};
const noArgument = new Set(["bare", "after", "stay"]);
/** What has no value leaves its place out. */
const mayBeBare = new Set(["text", "trail", "within", "word", "file", "count", "ratio", "flag", "pick"]);

/** Why `argv`, from the kind on, is none of the owner's commands; null where it is one. */
export function judgeArguments([kind = "", ...values]: readonly string[], root: string): string | null {
  if (noArgument.has(kind)) return values.length === 0 ? null : "has arguments where the owner foresaw none";
  const isAllowed = Object.hasOwn(oneArgument, kind) ? oneArgument[kind] : undefined;
  if (isAllowed === undefined) return "is none of the owner's commands";
  if (values.length === 0 && mayBeBare.has(kind)) return null;
  const [value] = values;
  if (value === undefined || values.length > 1) return `has ${values.length} arguments where the owner foresaw one`;
  return isAllowed(value, root) ? null : "has a value the owner did not foresee";
}

/** Why this run is none the owner allowed; null where it is. */
export function judgeSignature(
  signature: Signature,
  root: string,
  owners: Readonly<Record<string, string>>,
): string | null {
  if (signature.cwd !== root) return `ran in ${signature.cwd}`;
  if (signature.options.length > 0) return `had the options ${signature.options.join(" ")}`;
  for (const entry of signature.environment) {
    const name = entry.slice(0, entry.indexOf("="));
    const value = entry.slice(name.length + 1);
    if (Object.hasOwn(owners, name) && owners[name] !== value) return `found another ${name} than its owner's`;
    if (Object.hasOwn(owners, name)) continue;
    if (!added.test(name)) return `found ${name} in its environment`;
    if (Object.hasOwn(constant, name) && constant[name] !== value) return `found ${entry}`;
  }
  const names = new Set(signature.environment.map((entry) => entry.slice(0, entry.indexOf("="))));
  const missing = Object.keys(owners).find((name) => !names.has(name));
  if (missing !== undefined) return `did not find ${missing}`;
  return judgeArguments(signature.argv, root);
}

/** Whether a path stays in `root`, whatever links make of it; what does not exist is judged by what of it does. */
function isInside(value: string, root: string): boolean {
  if (value.startsWith("-")) return false;
  let target = path.resolve(root, value);
  while (lstatSync(target, { throwIfNoEntry: false }) === undefined && target !== "/") target = path.dirname(target);
  try {
    const real = realpathSync(target);
    return real === root || real.startsWith(`${root}/`);
  } catch {
    return false;
  }
}

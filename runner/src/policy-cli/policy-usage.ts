// The options of `policy …`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import { fail, readParsed, type Parsed } from "../cli/parsed.ts";

export const policyUsage = `runner policy check [options] -- CMD…           what would be decided about a command, and why; 0 if it may run, 1 if not, or not unasked
runner policy check --use NAME [--param P=V]…   the same of a named command, and what it would run
runner policy show                              the policy file as it is understood
runner policy import [FILE]                     copy a project's commands into it: longwire.json, package.json or a
                                                Procfile; default: the first of them in this folder

  --policy FILE   the policy file; default: longwire/policy.json under the user's config directory
  --json          check, show: the same as JSON
  --cwd DIR       check: the folder it would run in; default: this folder
  --allow-all     check: as a runner with --allow-all would decide
  --yes           import: without asking
  --replace       import: also commands whose names are in the policy file already

CMD is a program and its arguments; a single word with spaces in it is a shell command.
`;

export interface PolicyOptions {
  readonly command: "check" | "show" | "import" | "help";
  readonly policy: string | undefined;
  readonly cwd: string | undefined;
  readonly use: string | undefined;
  readonly params: readonly (readonly [name: string, value: string])[];
  readonly allowAll: boolean;
  readonly yes: boolean;
  readonly replace: boolean;
  readonly json: boolean;
  /** What stands behind the options. */
  readonly rest: readonly string[];
}

const common = { policy: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
const known = {
  check: {
    ...common,
    cwd: { type: "string" },
    use: { type: "string" },
    param: { type: "string", multiple: true },
    "allow-all": { type: "boolean" },
    json: { type: "boolean" },
  },
  show: { ...common, json: { type: "boolean" } },
  import: { ...common, yes: { type: "boolean" }, replace: { type: "boolean" } },
} as const;

/** Reads the arguments after `policy`. */
export function parsePolicyOptions([name, ...args]: readonly string[]): Parsed<PolicyOptions> {
  if (name === "--help" || name === "-h" || name === "help")
    return { ok: true, value: { ...nothing, command: "help" } };
  if (name === undefined) return fail("say what to do: check, show or import.");
  if (name !== "check" && name !== "show" && name !== "import") return fail(`unknown command ${name}.`);
  return readParsed((): Parsed<PolicyOptions> => {
    const { values, positionals: rest } = parseArgs({ args, options: known[name], allowPositionals: true });
    const given = values as Partial<Record<string, string | boolean | string[]>>;
    if (given["help"] === true) return { ok: true, value: { ...nothing, command: "help" } };
    const params = ((given["param"] as string[] | undefined) ?? []).map((text) => splitParam(text));
    const text = (option: string): string | undefined => given[option] as string | undefined;
    const { policy, cwd, use } = { policy: text("policy"), cwd: text("cwd"), use: text("use") };
    const fault = findFault(name, rest, use, params);
    if (fault !== null) return fail(fault);
    const flags = { allowAll: given["allow-all"] === true, yes: given["yes"] === true };
    const more = { replace: given["replace"] === true, json: given["json"] === true };
    return { ok: true, value: { command: name, policy, cwd, use, params, ...flags, ...more, rest } };
  });
}

const nothing = {
  ...{ policy: undefined, cwd: undefined, use: undefined, params: [], rest: [] },
  ...{ allowAll: false, yes: false, replace: false, json: false },
};

function splitParam(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function findFault(
  command: "check" | "show" | "import",
  rest: readonly string[],
  use: string | undefined,
  params: PolicyOptions["params"],
): string | null {
  if (command === "show") return rest.length === 0 ? null : `show takes no ${rest[0]}.`;
  if (command === "import") return rest.length <= 1 ? null : "import takes one file.";
  if (params.length > 0 && use === undefined) return "--param goes with --use only.";
  if (use !== undefined) return rest.length === 0 ? null : "give a command or --use, not both.";
  return rest.length === 0 ? "give a command behind `--`, or --use NAME." : null;
}

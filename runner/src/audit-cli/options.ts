// The options of `audit`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import { accessOptions, accessUsage, type AccessOptions } from "../cli/api-access.ts";
import { fail, readParsed, type Parsed } from "../cli/parsed.ts";

export const auditUsage = `runner audit [options]             who did what on this machine, as the control plane keeps it
runner audit --own [options]       the same as the machine itself wrote it down
runner audit --workspace [options] tokens, machines and their like
runner audit --verify [options]    check both, and whether they tell the same; 0 where they do, 1 with each difference

  --machine M     another machine of the workspace, by id or name; default: this one
${accessUsage}`;

export interface AuditOptions extends AccessOptions {
  readonly what: "machine" | "own" | "workspace" | "verify" | "help";
  readonly machine: string | undefined;
  readonly json: boolean;
}

/** Reads the arguments after `audit`. */
export function parseAuditOptions(args: readonly string[]): Parsed<AuditOptions> {
  const flags = { verify: { type: "boolean" }, own: { type: "boolean" }, workspace: { type: "boolean" } } as const;
  return readParsed(() => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...accessOptions, ...flags, machine: { type: "string" } },
    });
    const { server, data, json, help, machine } = values;
    const asked = (["verify", "own", "workspace"] as const).filter((one) => values[one] === true);
    if (asked.length > 1) return fail("give one of --verify, --own and --workspace.");
    const [what = "machine"] = help ? (["help"] as const) : asked;
    if (machine !== undefined && what !== "machine") return fail(`--machine does not go with --${what}.`);
    return { ok: true, value: { what, machine, server, data, json } };
  });
}

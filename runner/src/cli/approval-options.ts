// The options of `approvals`, `approve` and `deny`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import { type ApprovalId, approvalIdSchema } from "@longwire/shared/ids.ts";
import { fail, readParsed, type Parsed } from "./parsed.ts";

export const approvalUsage = `runner approvals [--json]           what waits for you on this machine
runner approve ID [--always]        let it run, once; --always: exactly this command in this folder, from now on
runner deny ID                      do not let it run

  --data DIR      the runner's state; default: longwire/runner under the user's state directory
  --json          the answer as JSON on stdout
`;

export const approvalCommands = ["approvals", "approve", "deny"] as const;
export type ApprovalCommand = (typeof approvalCommands)[number];

interface CommonOptions {
  readonly data: string | undefined;
  readonly json: boolean;
}
export type ApprovalOptions = CommonOptions &
  (
    | { readonly type: "list" | "help" }
    | { readonly type: "decide"; readonly id: ApprovalId; readonly decision: "once" | "always" | "deny" }
  );

/** Reads the arguments after the command. */
export function parseApprovalOptions(command: ApprovalCommand, args: readonly string[]): Parsed<ApprovalOptions> {
  return readParsed((): Parsed<ApprovalOptions> => {
    const { values, positionals } = parseArgs({
      args: args.filter((arg) => arg !== "--"),
      allowPositionals: true,
      options: {
        data: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        ...(command === "approve" ? { always: { type: "boolean", default: false } as const } : {}),
      },
    });
    const { data, json, help } = values;
    const common = { data, json };
    if (help) return { ok: true, value: { type: "help", ...common } };
    const [text, more] = positionals;
    if (command === "approvals") {
      return text === undefined
        ? { ok: true, value: { type: "list", ...common } }
        : fail(`approvals takes no ${text}.`);
    }
    const id = approvalIdSchema.safeParse(text);
    if (!id.success || more !== undefined) return fail(`${command} takes one id, as \`runner approvals\` shows it.`);
    const yes = "always" in values && values.always === true ? "always" : "once";
    const decision = command === "deny" ? "deny" : yes;
    return { ok: true, value: { type: "decide", id: id.data, decision, ...common } };
  });
}

// `runner approvals`, `approve` and `deny`: the owner's word on what waits, said on the machine itself.

import path from "node:path";
import { errorCatalogue } from "@longwire/shared/errors.ts";
import { defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { askRunner } from "../approve/ask-runner.ts";
import type { LocalAnswer, LocalApproval } from "../approve/local-messages.ts";
import { bold, plainText, sayAsked } from "../approve/say-asked.ts";
import { plain } from "../policy-cli/say.ts";
import { type ApprovalCommand, type ApprovalOptions, approvalUsage, parseApprovalOptions } from "./approval-options.ts";
import { CliFailure, exitCodes } from "./exit.ts";

/** The exit code. */
export async function runApprovals(command: ApprovalCommand, args: readonly string[]): Promise<number> {
  const parsed = parseApprovalOptions(command, args);
  if (!parsed.ok) throw new CliFailure(`${parsed.message}\n\n${approvalUsage}`, exitCodes.usage);
  const options = parsed.value;
  const dataFolder = path.resolve(options.data ?? path.join(defaultDataFolder(), "runner"));
  switch (options.type) {
    case "help":
      process.stdout.write(approvalUsage);
      return exitCodes.ok;
    case "list":
      return list(options, dataFolder);
    case "decide":
      return decide(options, dataFolder);
  }
}

async function list({ json }: ApprovalOptions, dataFolder: string): Promise<number> {
  const items = await readApprovals(dataFolder);
  if (json) process.stdout.write(`${JSON.stringify({ items })}\n`);
  else if (items.length === 0) process.stderr.write("Nothing waits for you.\n");
  else process.stdout.write(items.map((item) => say(item)).join("\n"));
  return exitCodes.ok;
}

async function decide(
  { id, decision, json }: Extract<ApprovalOptions, { type: "decide" }>,
  dataFolder: string,
): Promise<number> {
  const item = (await readApprovals(dataFolder)).find((one) => one.approval_id === id);
  const answer = accept(await askRunner(dataFolder, { type: "decide", approval: id, decision }));
  if (answer.type !== "decided") throw new CliFailure("the runner did not say what it did.", exitCodes.unreachable);
  if (json) process.stdout.write(`${JSON.stringify({ approval_id: id, decision, process_id: answer.process })}\n`);
  else process.stderr.write(`${item === undefined ? "" : say(item)}${said[decision]}\n`);
  return exitCodes.ok;
}

const said = {
  once: "Approved, this once.",
  always: "Approved. The same command in the same folder runs without asking from now on.",
  deny: "Denied.",
} as const;

async function readApprovals(dataFolder: string): Promise<LocalApproval[]> {
  const answer = accept(await askRunner(dataFolder, { type: "list" }));
  return answer.type === "approvals" ? answer.items : [];
}

/** Throws what the runner refused. */
function accept(answer: LocalAnswer): LocalAnswer {
  if (answer.type !== "refused") return answer;
  const { code, detail, hint } = answer;
  throw new CliFailure(plain(hint === undefined ? detail : `${detail} ${hint}`), errorCatalogue[code].exitCode);
}

function say(item: LocalApproval): string {
  const { approval_id: id, process_id: of, run, asked_by: askedBy, expires_in_ms: leftMs, shown } = item;
  const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  return sayAsked({ id, process: of, run, askedBy, leftMs, shown }, isColoured ? bold : plainText);
}

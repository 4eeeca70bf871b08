// `runner policy check`: what the policy would decide about a start, and why. Nothing is started.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import { startRequestSchema } from "@longwire/shared/api/requests.ts";
import { admitStart, type Admission } from "../admit/admission.ts";
import { findNamed } from "../admit/named-command.ts";
import { fileOf, modeOf, type Policy } from "../admit/policy.ts";
import type { PolicyFile } from "../admit/policy-schema.ts";
import type { PolicyOptions } from "./policy-usage.ts";
import { plain, sayCommand, sayRows } from "./say.ts";

export interface CheckAnswer {
  readonly allowed: boolean;
  readonly text: string;
}

/** `cwd`: the folder it would run in, absolute. */
export function checkPolicyFor(options: PolicyOptions, policy: Policy, cwd: string): CheckAnswer {
  const file = fileOf(policy);
  const request = requestOf(options, file);
  const admission = judge(request, policy, cwd);
  const allowed = admission.type === "admitted";
  if (options.json) {
    const mode = modeOf(policy);
    const answer = allowed
      ? { allowed, mode, cwd: admission.cwd, ...programOf(admission.request), needs: admission.needs }
      : { allowed, mode, ...admission.refusal };
    return { allowed, text: `${JSON.stringify(answer, null, 2)}\n` };
  }
  return { allowed, text: allowed ? sayAllowed(request, policy, admission) : sayRefused(request, policy, admission) };
}

function judge(request: StartRequest, policy: Policy, cwd: string): Admission {
  const parsed = startRequestSchema.safeParse(request);
  if (parsed.success) return admitStart({ policy: { current: () => policy }, cwd, terminal: {} }, request);
  const detail = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ");
  return { type: "refused", refusal: { code: "invalid_request", detail } };
}

function requestOf({ use, params, rest }: PolicyOptions, file: PolicyFile): StartRequest {
  if (use !== undefined) {
    const declared = findNamed(file, use)?.params ?? {};
    const typed = params.map(([name, text]) => [name, readParam(declared[name]?.type, text)] as const);
    return { use, ...(typed.length === 0 ? {} : { params: Object.fromEntries(typed) }) };
  }
  const [first = ""] = rest;
  return rest.length === 1 && /\s/.test(first) ? { command: first } : { argv: [...rest] };
}

/** A value as a caller would send it in JSON. */
function readParam(type: string | undefined, text: string): string | number | boolean {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  const isNumber = (type === "number" || type === "integer") && text.trim() !== "" && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

const programOf = ({ command, argv }: StartRequest): object => (argv === undefined ? { command } : { argv });

function sayAllowed(
  { use }: StartRequest,
  policy: Policy,
  { request, cwd, needs }: Extract<Admission, { cwd: string }>,
): string {
  const why = use === undefined ? "everything runs in mode open" : `${use} is a command the owner named`;
  const first = Object.entries(needs).map(([name, condition]) => `${name} (${condition})`);
  return [
    `allowed: ${plain(why)}\n`,
    sayRows(
      [
        ["mode", modeOf(policy)],
        ["runs", sayCommand(request)],
        ["in", plain(cwd)],
        ...(request.env === undefined ? [] : [["sets", Object.keys(request.env).join(", ")] as const]),
        ...(first.length === 0 ? [] : [["needs", first.join(", ")] as const]),
      ].filter(([, text]) => text !== "") as [string, string][],
      2,
    ),
  ].join("");
}

function sayRefused(
  request: StartRequest,
  policy: Policy,
  { refusal }: Extract<Admission, { type: "refused" }>,
): string {
  const same = findSame(fileOf(policy), request);
  const hint = same === null ? (refusal.hint ?? "") : `It is what ${same} runs: start it with \`use\`: ${same}.`;
  const errors = (refusal.errors ?? []).map(({ path, message }) => `  ${plain(path)} ${plain(message)}\n`);
  const mode = policy.type === "read" ? ` (mode ${policy.mode})` : "";
  return `refused${mode}: ${plain(refusal.detail)}\n${errors.join("")}${hint === "" ? "" : `  ${plain(hint)}\n`}`;
}

/** The named command that runs exactly the same. */
function findSame({ commands }: PolicyFile, { command, argv }: StartRequest): string | null {
  const key = JSON.stringify(argv ?? command);
  const isSame = (one: PolicyFile["commands"][string]): boolean => JSON.stringify(one.argv ?? one.command) === key;
  return Object.entries(commands).find(([, one]) => isSame(one))?.[0] ?? null;
}

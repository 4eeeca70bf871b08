// `runner policy check`: what the policy would decide about a start, and why. Nothing is started.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import { startRequestSchema } from "@longwire/shared/api/requests.ts";
import { admitStart, type Admission } from "../admit/admission.ts";
import { findNamed } from "../admit/named-command.ts";
import { fileOf, modeOf, type Policy } from "../admit/policy.ts";
import type { PolicyFile } from "../admit/policy-schema.ts";
import type { PolicyOptions } from "./policy-usage.ts";
import { readParam } from "./read-param.ts";
import { plain, sayCommand, sayRows } from "./say.ts";

export interface CheckAnswer {
  /** Whether it would run, without anybody being asked. */
  readonly allowed: boolean;
  readonly text: string;
}

/** `cwd`: the folder it would run in, absolute. */
export function checkPolicyFor(options: PolicyOptions, policy: Policy, cwd: string): CheckAnswer {
  const file = fileOf(policy);
  const request = requestOf(options, file);
  const admission = judge(request, policy, cwd);
  if (admission.type === "refused") {
    const answer = { allowed: false, asks: false, mode: modeOf(policy), ...admission.refusal };
    return { allowed: false, text: options.json ? sayJson(answer) : sayRefused(request, policy, admission) };
  }
  const { asks, needs } = admission;
  const program = programOf(admission.request);
  const answer = { allowed: !asks, asks, mode: modeOf(policy), cwd: admission.cwd, ...program, needs };
  return { allowed: !asks, text: options.json ? sayJson(answer) : sayAdmitted(request, policy, admission) };
}

const sayJson = (answer: object): string => `${JSON.stringify(answer, null, 2)}\n`;

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

const programOf = ({ command, argv }: StartRequest): object => (argv === undefined ? { command } : { argv });

function sayAdmitted(
  asked: StartRequest,
  policy: Policy,
  { request, cwd, needs, asks }: Extract<Admission, { cwd: string }>,
): string {
  const first = Object.entries(needs).map(([name, condition]) => `${name} (${condition})`);
  return [
    asks ? sayAsked(asked, policy) : `allowed: ${plain(sayWhy(asked, policy))}\n`,
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

function sayWhy({ use }: StartRequest, policy: Policy): string {
  if (use !== undefined) return `${use} is a command the owner named`;
  return modeOf(policy) === "open" ? "everything runs in mode open" : "the owner allowed exactly this for good";
}

function sayAsked(asked: StartRequest, policy: Policy): string {
  const { approve } = fileOf(policy);
  const where = approve.length === 0 ? "but says nowhere to ask, so it is refused" : `in: ${approve.join(", ")}`;
  const same = findSame(fileOf(policy), asked);
  const hint =
    same === null ? "" : `  It is what ${plain(same)} runs, which needs no approval by \`use\`: ${plain(same)}.\n`;
  return `asks: the policy has the owner approve this first, ${where}\n${hint}`;
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

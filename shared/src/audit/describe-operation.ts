// What an audit says of a command: what it does to what, in a few words, and a digest by which two records of it are
// compared. Values that may be secret (variables, input) are left out of both: a digest of a short one can be guessed.

import { displayCommand } from "../display-command.ts";
import { keySequence } from "../keys.ts";
import { maxAuditText } from "../limits.ts";
import { tokenPattern } from "../token.ts";
import { unreachable } from "../unreachable.ts";
import type { Operation } from "../wire/commands.ts";
import { digestOf, utf8Length } from "./canonical.ts";
import { cutText, type AuditDraft } from "./entry.ts";

type Described = Pick<AuditDraft, "act" | "target" | "detail" | "digest">;

/** The target of a start before its process has an id. */
const noProcessYet = "new process";

export function describeOperation(operation: Operation): Described {
  const digest = digestOf(withoutSecrets(operation));
  if (operation.op === "start") {
    const { request } = operation;
    const what = request.use === undefined ? displayCommand(request) : `use ${request.use}`;
    const detail = cutText(conceal(request.cwd === undefined ? what : `${what} (in ${request.cwd})`));
    return { act: "start", target: request.name ?? request.use ?? noProcessYet, detail, digest };
  }
  const detail = describeWay(operation);
  const target = operation.op === "decide" ? operation.approval : operation.process;
  return { act: operation.op, target, ...(detail === null ? {} : { detail }), digest };
}

function describeWay(operation: Exclude<Operation, { op: "start" }>): string | null {
  switch (operation.op) {
    case "stop":
    case "restart":
      return operation.signal;
    case "signal":
      return operation.tree ? `${operation.signal} to the whole tree` : operation.signal;
    case "resize":
      return `${operation.size.cols}×${operation.size.rows}`;
    case "decide":
      return operation.decision;
    case "input":
      return operation.input.close ? "closes the input" : null;
    case "forget":
    case "pause":
    case "resume":
      return null;
    default:
      return unreachable(operation);
  }
}

/** Commands that come many times a second are summed up in one entry, with these bytes; null for every other. */
export function summedBytes(operation: Operation): number | null {
  if (operation.op === "input") return inputBytes(operation.input);
  return operation.op === "resize" ? 0 : null;
}

type Input = Extract<Operation, { op: "input" }>["input"];

/** How much is given, before the machine words keys and Enter for the process. */
export function inputBytes({ text = "", data_base64 = "", keys = [], enter }: Input): number {
  const padding = data_base64.endsWith("==") ? 2 : data_base64.endsWith("=") ? 1 : 0;
  const data = (data_base64.length / 4) * 3 - padding;
  const typed = keys.reduce((sum, key) => sum + (keySequence(key)?.length ?? 0), 0);
  return utf8Length(text) + data + typed + (enter ? 1 : 0);
}

function withoutSecrets(operation: Operation): unknown {
  if (operation.op === "input") return { ...operation, input: { close: operation.input.close } };
  if (operation.op !== "start") return operation;
  const { env, stdin, ...rest } = operation.request;
  const names = env === undefined ? undefined : Object.keys(env).sort();
  return { op: "start", request: { ...rest, env: names, stdin: stdin === undefined ? undefined : utf8Length(stdin) } };
}

/** A word such as `--api-key=…`, `PASSWORD=…`, `token: …`, or the word after such an option. */
const namedSecret =
  /((?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|credential)[\w-]{0,32}['"]?(?:\s*[=:]\s*|\s+))\S+/gi;
const userInfo = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;

/** The beginning of a line, for people, without what looks like a secret. */
export function conceal(text: string): string {
  return text
    .slice(0, 2 * maxAuditText)
    .replaceAll(new RegExp(tokenPattern.source, "g"), "***")
    .replaceAll(namedSecret, "$1***")
    .replaceAll(userInfo, "$1***@");
}

// Makes the start of a command that the owner named into the start of a program: the owner's words, with the few things
// a caller may add. Whatever else a caller gives is refused.

import { type StartRequest, startRequestSchema } from "@longwire/shared/api/requests.ts";
import type { FieldError, Refusal } from "@longwire/shared/errors.ts";
import { fillArgv, type FilledParam } from "./fill-argv.ts";
import { checkValue, mayBeginWithDash, type SettlePath } from "./param-value.ts";
import type { NamedCommand, PolicyFile } from "./policy-schema.ts";
import { isListed } from "./variable-names.ts";

/** What a caller may say of a start by `use`. Of `env` only what the owner allows; tags are added to the owner's. */
const callerFields: ReadonlySet<string> = new Set(["use", "params", "name", "tags", "env", "if_running"]);

export type Resolved =
  /** `request` names no `use` any more; its `cwd` is absolute. */
  | { readonly type: "resolved"; readonly request: StartRequest; readonly needs: NamedCommand["needs"] }
  | { readonly type: "refused"; readonly refusal: Refusal };

/** The command named `name`; undefined where the owner named none so. */
export function findNamed({ commands }: PolicyFile, name: string): NamedCommand | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

/** The folder a named command runs in, which its paths stay in. Absolute: the file is checked. */
export function folderOf({ roots }: PolicyFile, { root, cwd }: NamedCommand): string {
  return cwd ?? roots[root ?? ""] ?? "/";
}

/** `settle` keeps a path within a folder. */
export function resolveNamed(
  file: PolicyFile,
  name: string,
  asked: StartRequest,
  settle: (folder: string) => SettlePath,
): Resolved {
  const command = findNamed(file, name);
  if (command === undefined) return { type: "refused", refusal: unknownCommand(file, name) };
  const cwd = folderOf(file, command);
  const filled = fillParams(command, asked.params ?? {}, settle(cwd));
  const program = filled.errors.length > 0 ? null : fillProgram(command, filled.params);
  const errors = [...findForeignFields(asked), ...filled.errors, ...(program?.errors ?? [])];
  if (program === null || errors.length > 0) return { type: "refused", refusal: wrong(name, errors) };
  const { params: _params, needs, root: _root, command: _command, argv: _argv, ...owners } = command;
  const parsed = startRequestSchema.safeParse({
    ...owners,
    ...program.runs,
    cwd,
    name: asked.name ?? name,
    tags: [...new Set([...(command.tags ?? []), ...(asked.tags ?? [])])],
    env: { ...command.env, ...asked.env, ...program.env },
    if_running: asked.if_running,
  });
  if (parsed.success) return { type: "resolved", request: dropAbsent(parsed.data), needs };
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  return { type: "refused", refusal: wrong(name, issues) };
}

function dropAbsent(request: StartRequest): StartRequest {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as StartRequest;
}

function unknownCommand({ commands }: PolicyFile, name: string): Refusal {
  const names = Object.keys(commands);
  const detail = `The machine's policy names no command ${JSON.stringify(name)}.`;
  const hint =
    names.length === 0
      ? "It names none. The machine's owner can add commands to the policy file."
      : `It names ${names.join(", ").slice(0, 1500)}.`;
  return { code: "denied_by_machine", detail, hint, errors: [{ path: "use", message: "is no named command" }] };
}

function wrong(name: string, errors: readonly FieldError[]): Refusal {
  const [first] = errors;
  const what = first === undefined ? "" : ` ${first.path} ${first.message}.`;
  return {
    code: "invalid_request",
    detail: `The named command ${JSON.stringify(name)} cannot be started so:${what}`,
    errors: errors.slice(0, 32),
  };
}

function findForeignFields(asked: StartRequest): FieldError[] {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  const foreign = given.map(([field]) => field).filter((field) => !callerFields.has(field));
  return foreign.map((path) => ({ path, message: "is the owner's to say for a named command" }));
}

interface FilledParams {
  readonly params: ReadonlyMap<string, FilledParam>;
  readonly errors: readonly FieldError[];
}

function fillParams(
  command: NamedCommand,
  given: NonNullable<StartRequest["params"]>,
  settle: SettlePath,
): FilledParams {
  const params = new Map<string, FilledParam>();
  const errors: FieldError[] = [];
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(command.params, name)) continue;
    const known = Object.keys(command.params);
    const which = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
    errors.push({ path: `params.${name}`.slice(0, 256), message: `is no parameter of this command: ${which}` });
  }
  for (const [name, param] of Object.entries(command.params)) {
    const value = Object.hasOwn(given, name) ? given[name] : param.default;
    const checked = value === undefined ? null : checkValue(param, value, settle);
    if (checked === null && param.required === true) errors.push({ path: `params.${name}`, message: "is required" });
    if (checked?.ok === false) errors.push({ path: `params.${name}`, message: checked.message });
    const text = checked?.ok === true ? checked.text : null;
    params.set(name, { text, mayBeginWithDash: mayBeginWithDash(param) });
  }
  return { params, errors };
}

interface Program {
  readonly runs: Pick<StartRequest, "command" | "argv">;
  readonly env: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];
}

/** A shell never reads a value as its own language: it finds each one in a variable, `$PARAM_FILE` for `file`. */
function fillProgram({ command, argv }: NamedCommand, params: ReadonlyMap<string, FilledParam>): Program {
  if (argv !== undefined) {
    const filled = fillArgv(argv, params);
    return filled.ok
      ? { runs: { argv: filled.argv }, env: {}, errors: [] }
      : { runs: {}, env: {}, errors: [dash(filled.param)] };
  }
  const env: Record<string, string> = {};
  const errors: FieldError[] = [];
  for (const [name, { text, mayBeginWithDash: mayDash }] of params) {
    if (text?.startsWith("-") === true && !mayDash) errors.push(dash(name));
    // Absent ones are empty, whatever the runner's own environment holds under that name.
    env[`PARAM_${name.toUpperCase()}`] = text ?? "";
  }
  return { runs: { command }, env, errors };
}

const dash = (name: string): FieldError => ({
  path: `params.${name}`,
  message: "must not begin with `-`, where a program would take it for an option",
});

/** Variables the caller gives and the owner does not allow. A command that is not named takes any where none are listed. */
export function findForeignVariables({ env }: PolicyFile, { use, env: given = {} }: StartRequest): FieldError[] {
  const allowed = env.allow ?? (use === undefined ? null : []);
  if (allowed === null) return [];
  const foreign = Object.keys(given).filter((name) => !isListed(name, allowed));
  return foreign.map((name) => ({ path: `env.${name}`, message: "is not among the names the owner allows" }));
}

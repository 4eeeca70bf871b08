// The options of a command that creates, lists and ends one kind of thing, such as `token` and `webhook`. Pure: nothing
// is looked up here.

import { parseArgs } from "node:util";
import { accessOptions, type AccessOptions } from "./api-access.ts";
import { fail, readParsed, type Parsed } from "./parsed.ts";

interface CommonOptions extends AccessOptions {
  readonly json: boolean;
}

/** `End`: the word by which one of them is ended. */
export type CreateListEnd<Request, End extends string> = CommonOptions &
  (
    | { readonly command: "create"; readonly request: Request }
    | { readonly command: "list" }
    | { readonly command: End; readonly id: string }
    | { readonly command: "help" }
  );

export interface Kind<Request, End extends string> {
  readonly noun: string;
  readonly end: End;
  /** Reads the arguments after `create`. */
  readonly readCreate: (args: string[]) => Parsed<CreateListEnd<Request, End>>;
}

/** Reads the arguments after the command's own name. */
export function parseCreateListEnd<Request, End extends string>(
  { noun, end, readCreate }: Kind<Request, End>,
  [command, ...args]: readonly string[],
): Parsed<CreateListEnd<Request, End>> {
  const none = { server: undefined, data: undefined, json: false };
  if (command === "--help" || command === "-h" || command === "help")
    return { ok: true, value: { command: "help", ...none } };
  if (command === undefined) return fail(`say what to do: create, list or ${end}.`);
  if (command === "create") return readParsed(() => readCreate(args));
  if (command !== "list" && command !== end) return fail(`unknown command ${command}.`);
  return readParsed((): Parsed<CreateListEnd<Request, End>> => {
    const { values, positionals } = parseArgs({ args, options: accessOptions, allowPositionals: command === end });
    const { server, data, json, help } = values;
    const common = { server, data, json };
    if (help) return { ok: true, value: { command: "help", ...common } };
    if (command === "list") return { ok: true, value: { command: "list", ...common } };
    const [id, more] = positionals;
    if (id === undefined || more !== undefined) return fail(`${end} takes one id, as \`${noun} list\` shows it.`);
    return { ok: true, value: { command: end, id, ...common } };
  });
}

// The request that a filled-in start dialog stands for. Pure.

import type { NamedCommandView } from "@longwire/shared/api/named-commands.ts";

export interface FreeForm {
  readonly command: string;
  readonly name: string;
  readonly cwd: string;
  readonly tags: string;
  readonly tty: boolean;
}

export const emptyForm: FreeForm = { command: "", name: "", cwd: "", tags: "", tty: false };

export interface FreeRequest {
  readonly command: string;
  readonly name?: string;
  readonly cwd?: string;
  readonly tags?: string[];
  readonly tty?: boolean;
  readonly cols?: number;
  readonly rows?: number;
}

/** A start of a command line; what was left empty is left out. Tags are separated by spaces or commas. */
export function freeRequest({ command, name, cwd, tags, tty }: FreeForm): FreeRequest {
  const list = tags.split(/[\s,]+/).filter((tag) => tag !== "");
  return {
    command,
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(cwd.trim() === "" ? {} : { cwd: cwd.trim() }),
    ...(list.length === 0 ? {} : { tags: [...new Set(list)] }),
    ...(tty ? { tty, cols: 120, rows: 30 } : {}),
  };
}

export type ParamTexts = Readonly<Record<string, string | boolean>>;

/** A start of a named command; parameters that were left empty are left to their defaults. */
export function namedRequest(
  command: NamedCommandView,
  texts: ParamTexts,
): { readonly use: string; readonly params?: Record<string, string | number | boolean> } {
  const params: Record<string, string | number | boolean> = {};
  for (const [name, { type }] of Object.entries(command.params)) {
    const text = texts[name];
    if (text === undefined || text === "") continue;
    const isNumber = (type === "number" || type === "integer") && typeof text === "string" && text.trim() !== "";
    params[name] = isNumber ? Number(text) : text;
  }
  return Object.keys(params).length === 0 ? { use: command.name } : { use: command.name, params };
}

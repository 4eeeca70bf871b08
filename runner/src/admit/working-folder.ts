// Where a command will run: an absolute folder that exists.

import { statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { Refusal } from "@longwire/shared/errors.ts";

export type WorkingFolder =
  | { readonly type: "found"; readonly cwd: string }
  | { readonly type: "refused"; readonly refusal: Refusal };

/**
 * The folder `asked` for, relative to `home` (absolute) where it is relative; `home` itself where none is asked for.
 * `~` and variables mean nothing here.
 */
export function findWorkingFolder(asked: string | undefined, home: string): WorkingFolder {
  const cwd = asked === undefined ? home : resolve(home, asked);
  const fault = findFault(cwd);
  if (fault === null) return { type: "found", cwd };
  const message = `${fault}${asked !== undefined && !isAbsolute(asked) ? `; it is relative to ${home}` : ""}`;
  return {
    type: "refused",
    refusal: { code: "invalid_request", detail: `The working folder: ${message}.`, errors: [{ path: "cwd", message }] },
  };
}

function findFault(cwd: string): string | null {
  try {
    return statSync(cwd).isDirectory() ? null : `${cwd} is no folder`;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? `${cwd} does not exist` : `${cwd} cannot be entered (${code})`;
  }
}

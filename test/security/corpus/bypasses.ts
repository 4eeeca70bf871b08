// Words that got past somebody's rules for what may run: each would leave a file at `trap` if a shell, an option of a
// common program, or a careless split of words took it for more than a value. Classes after
// https://cwe.mitre.org/data/definitions/78.html, 88, 22 and the advisories of tools that let models run commands.

import { optionTricks, programTricks } from "./program-tricks.ts";
import { shellTricks } from "./shell-tricks.ts";
import { lookTricks, pathTricks } from "./value-tricks.ts";

/** All of them; at least 200, none twice. `trap`: an absolute path without blanks where nothing is. */
export function bypasses(trap: string): readonly string[] {
  return [...new Set([shellTricks, programTricks, optionTricks, pathTricks, lookTricks].flatMap((make) => make(trap)))];
}

// A caller's pattern: RE2 syntax, matched in time linear in the text, however it is written.

import { RE2JS, RE2JSException } from "re2js";
import { refuse, succeed, type Result } from "../result.ts";

export interface Pattern {
  /** Where the first match lies in a line, in UTF-16 units; null where there is none. */
  readonly find: (line: string) => { readonly start: number; readonly end: number } | null;
  /** How many times a searched byte counts: a large program takes more steps for each. */
  readonly weight: number;
}

/** Instructions of a program that count once. */
const programUnit = 32;

/** Compiles `source`; what is wrong with it is said in RE2's words. */
export function compilePattern(source: string): Result<Pattern> {
  try {
    const program = RE2JS.compile(source);
    return succeed({
      find: (line) => {
        const matcher = program.matcher(line);
        return matcher.find() ? { start: matcher.start(), end: matcher.end() } : null;
      },
      weight: Math.max(1, Math.floor(program.programSize() / programUnit)),
    });
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const errors = [{ path: "pattern", message: error.message }];
    const hint = "Patterns are RE2 syntax: no look-around and no back-references.";
    return refuse({ code: "invalid_request", detail: `pattern: ${error.message}`, hint, errors });
  }
}

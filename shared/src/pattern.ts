// A caller's pattern: RE2 syntax, matched in time linear in the text, however it is written.

import { RE2JS, RE2JSException } from "re2js";
import type { Refusal } from "./errors.ts";

export interface Pattern {
  /** Where the first match lies in a line, in UTF-16 units; null where there is none. */
  readonly find: (line: string) => { readonly start: number; readonly end: number } | null;
  /** How many times a searched byte counts: a large program takes more steps for each. */
  readonly weight: number;
}

/** Instructions of a program that count once. */
const programUnit = 32;

export type Compiled =
  | { readonly ok: true; readonly value: Pattern }
  | { readonly ok: false; readonly refusal: Refusal };

/** Compiles `source`; what is wrong with it is said in RE2's words. */
export function compilePattern(source: string): Compiled {
  try {
    const program = RE2JS.compile(source);
    const value: Pattern = {
      find: (line) => {
        // Whether it matches at all is found several times as fast as where.
        if (!program.test(line)) return null;
        const matcher = program.matcher(line);
        return matcher.find() ? { start: matcher.start(), end: matcher.end() } : null;
      },
      weight: Math.max(1, Math.floor(program.programSize() / programUnit)),
    };
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const errors = [{ path: "pattern", message: error.message }];
    const hint = "Patterns are RE2 syntax: no look-around and no back-references.";
    const detail = `pattern: ${error.message}`;
    return { ok: false, refusal: { code: "invalid_request", detail, hint, errors } };
  }
}

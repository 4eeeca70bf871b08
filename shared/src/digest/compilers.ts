// What compilers say of a place in a file: tsc in both its forms, gcc and clang, javac, go, rustc, esbuild.

import type { Found } from "./findings.ts";
import type { Recogniser } from "./recogniser.ts";

const place = String.raw`(?:[A-Za-z]:)?[^\s:()]{1,400}`;
const tsc = new RegExp(String.raw`^${place}\(\d{1,9},\d{1,9}\): (error|warning) TS\d{1,6}: .`);
const pretty = new RegExp(String.raw`^${place}:\d{1,9}:\d{1,9} - (error|warning) TS\d{1,6}: .`);
const gcc = new RegExp(String.raw`^${place}:\d{1,9}(?::\d{1,9})?: (?:fatal )?(error|warning|note): .`);
const go = /^(?:vet: )?(?:\.{1,2}\/)?[\w./-]{1,400}\.go:\d{1,9}(?::\d{1,9})?: ./;
const rust = /^(error|warning)(?:\[E\d{4}\])?: (.{1,400})$/;
const esbuild = /^[✘▲] \[(ERROR|WARNING)\] ./;

/** Lines of rustc and gcc that only count what was said before. */
const summaries =
  /^(?:error: could not compile|error: aborting due to|warning: `.{1,100}` \(.{1,100}\) generated|warning: \d+ warnings? emitted|Found \d+ errors?\b|\d+ (?:errors?|warnings?)(?: generated\.)?$|For more information about this error|For more information about an error|Some errors have detailed explanations)/;

export function recogniseCompilers(): Recogniser {
  /** What rustc said on the line before; null where that was a warning, or nothing. */
  let said: Found | null = null;
  let isPlaceNext = false;
  return {
    take: (line, findings) => {
      const { text } = line;
      // ` --> file:line:column` belongs to the line before it.
      const at = isPlaceNext ? /^ {1,9}--> (\S{1,400})$/.exec(text)?.[1] : undefined;
      isPlaceNext = false;
      if (at !== undefined) {
        if (said?.count === 1) said.text = `${said.text} (${at})`;
        said = null;
        return true;
      }
      if (summaries.test(text)) return true;
      const level = (tsc.exec(text) ?? pretty.exec(text) ?? gcc.exec(text) ?? esbuild.exec(text))?.[1];
      if (level !== undefined) {
        if (/^error$/i.test(level)) findings.error(line);
        else if (/^warning$/i.test(level)) findings.warning(line);
        return true;
      }
      if (go.test(text)) {
        findings.error(line);
        return true;
      }
      const rustc = rust.exec(text)?.[1];
      if (rustc === undefined) return false;
      isPlaceNext = true;
      said = rustc === "error" ? findings.error(line) : null;
      if (rustc === "warning") findings.warning(line);
      return true;
    },
  };
}

// Lines of any program that call themselves an error or a warning, in words or by their level.

import type { Recogniser } from "./recogniser.ts";

const error =
  /\b(?:error|errors|fatal|panic|exception|failed|failure|critical|segfault|segmentation fault|cannot|refused|denied|ERR!)\b/i;
const errorName = /\b[A-Z]\w{0,60}(?:Error|Exception)\b/;
const warning = /\bwarn(?:ing|ings)?\b|\bdeprecat(?:ed|ion)\b/i;
/** Says that there were none. */
const none =
  /\b(?:0|no|without|zero) (?:\w{1,20} )?(?:errors?|warnings?|failed|failures?|problems)\b|\b(?:errors?|warnings?|failed|failures?)[:=] ?0\b|\bfailed 0\b/i;
/** A level says more than a word in the message. */
const level =
  /^(?:\S{0,40} ){0,4}?\[?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)\b\]?|\blevel[=:]"?(\w{4,8})|"level":"(\w{4,8})"/;
const quiet = /^(?:trace|debug|info|notice)$/i;
/** Code that is quoted around an error, what a compiler adds to one, and frames of a stack. */
const quoted =
  /^\s{0,40}(?:>?\s{0,10}\d{0,6} ?\||= (?:note|help): |at \S|\d{1,4}: [\w<]|For more information about |Some errors have detailed )/;
const maxChars = 500;

export function recogniseGeneralLines(): Recogniser {
  return {
    take: (line, findings) => {
      const text = line.text.slice(0, maxChars);
      if (quoted.test(text)) return false;
      const found = level.exec(text);
      const named = found?.[1] ?? found?.[2] ?? found?.[3];
      if (named !== undefined) {
        if (quiet.test(named)) return false;
        if (/^warn/i.test(named)) findings.warning(line);
        else findings.error(line);
        return true;
      }
      if (none.test(text)) return false;
      if (warning.test(text)) findings.warning(line);
      else if (error.test(text) || errorName.test(text)) findings.error(line);
      else return false;
      return true;
    },
  };
}

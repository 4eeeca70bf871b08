// Lines of any program that call themselves an error or a warning, in words or by their level.

import type { Recogniser } from "./recogniser.ts";

const error =
  /\b(?:error|errors|fatal|panic|exception|failed|failure|critical|segfault|segmentation fault|cannot|refused|denied|ERR!)\b/i;
const errorName = /\b[A-Z]\w{0,60}(?:Error|Exception)\b|\bFAIL\b|^\s{0,20}[✖×✘] \S/;
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
      const kind = judgeLine(line.text);
      if (kind === "warning") findings.warning(line);
      if (kind === "error") findings.error(line);
      return kind !== null;
    },
  };
}

/** What a line calls itself; null where it is neither. */
export function judgeLine(line: string): "error" | "warning" | null {
  const text = line.slice(0, maxChars);
  if (quoted.test(text)) return null;
  const found = level.exec(text);
  const named = found?.[1] ?? found?.[2] ?? found?.[3];
  if (named !== undefined) return quiet.test(named) ? null : /^warn/i.test(named) ? "warning" : "error";
  if (none.test(text)) return null;
  if (warning.test(text)) return "warning";
  return error.test(text) || errorName.test(text) ? "error" : null;
}

// Stack traces whose frames begin with `at`: JavaScript's and Java's. The head is the line before the first frame, or
// the last one there that names an error.

import type { Line } from "../render/line.ts";
import type { Findings } from "./findings.ts";
import type { Recogniser } from "./recogniser.ts";

const frame = /^\s{1,64}at (\S.{0,400})$/;
const head =
  /^(?:\s{0,64})(?:Exception in thread "[^"]{0,100}" |Uncaught |Unhandled \w{1,20}:? )?((?:[A-Za-z_$][\w$]{0,80}\.){0,12}[A-Z][\w$]{0,100}(?:Error|Exception|Throwable)\b(?: \[\w{1,60}\])?(?:: .{0,500})?)/;
const inner = /^(?:Caused by: |Suppressed: |\.\.\. \d{1,9} (?:more|common frames omitted))/;
/** Frames of the runtime and of libraries tell less than one's own. */
const foreign =
  /node:internal|node_modules|\(node:|\bjava\.base\/|^(?:java|jdk|sun|org\.junit|org\.springframework|org\.apache)\./;
const maxFrames = 3;

export function recogniseStackAt(): Recogniser {
  let named: { readonly line: Line; readonly text: string } | null = null;
  let since = 0;
  let frames: string[] = [];
  let own: string[] = [];
  let isOpen = false;
  const close = (findings: Findings): void => {
    if (isOpen && named !== null) findings.trace(named.text, named.line.start, own.length > 0 ? own : frames);
    if (isOpen) named = null;
    isOpen = false;
    frames = [];
    own = [];
  };
  return {
    take: (line, findings) => {
      const found = frame.exec(line.text)?.[1];
      if (found !== undefined) {
        if (named === null || since > 12) return named !== null;
        isOpen = true;
        if (frames.length < maxFrames) frames.push(found);
        if (own.length < maxFrames && !foreign.test(found)) own.push(found);
        return true;
      }
      if (isOpen && inner.test(line.text.trimStart())) return true;
      close(findings);
      since++;
      const text = head.exec(line.text)?.[1];
      if (text === undefined) return false;
      named = { line, text };
      since = 0;
      // Whether it is an error is for those who know the tool to say, or for the general one.
      return false;
    },
    end: close,
  };
}

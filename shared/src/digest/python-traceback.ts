// Python's tracebacks: a heading, frames, and last the exception without indentation.

import type { Recogniser } from "./recogniser.ts";

const heading = "Traceback (most recent call last):";
const frame = /^ {2}File "([^"]{1,400})", line (\d{1,9})(?:, in (.{1,200}))?$/;
const maxFrames = 3;

export function recognisePythonTraceback(): Recogniser {
  let start: number | null = null;
  let frames: string[] = [];
  return {
    take: (line, findings) => {
      const text = line.text.trimEnd();
      if (text.endsWith(heading)) {
        start = line.start;
        frames = [];
        return true;
      }
      if (start === null) return false;
      const found = frame.exec(text);
      if (found !== null) {
        frames.unshift(`${found[1]}:${found[2]}${found[3] === undefined ? "" : ` in ${found[3]}`}`);
        if (frames.length > maxFrames) frames.pop();
        return true;
      }
      if (text === "" || /^\s/.test(text)) return true;
      findings.error(line);
      findings.trace(text, start, frames);
      start = null;
      return true;
    },
  };
}

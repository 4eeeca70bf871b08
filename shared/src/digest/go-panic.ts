// Go's panics and fatal errors: the reason, then `goroutine 1 [running]:` and frames of two lines each.

import type { Findings } from "./findings.ts";
import type { Recogniser } from "./recogniser.ts";

const head = /^(?:\t?panic: |fatal error: )(.{1,500}?)(?: \[recovered\])?$/;
const frame = /^([\w./~*()-]{1,300}(?:\.func[\d.]{1,20})?)\(.{0,300}\)$/;
const foreign = /^(?:runtime|testing|panic)\b/;
const maxFrames = 3;

export function recogniseGoPanic(): Recogniser {
  let panic: { readonly text: string; readonly offset: number } | null = null;
  let isRunning = false;
  let frames: string[] = [];
  const close = (findings: Findings): void => {
    if (panic !== null && isRunning) findings.trace(`panic: ${panic.text}`, panic.offset, frames);
    panic = null;
    isRunning = false;
    frames = [];
  };
  return {
    take: (line, findings) => {
      const { text } = line;
      const said = head.exec(text)?.[1];
      if (said !== undefined) {
        // One that was recovered and panics again says so twice.
        if (panic?.text !== said) {
          close(findings);
          findings.error(line, `panic: ${said}`);
          panic = { text: said, offset: line.start };
        }
        return true;
      }
      if (panic === null) return false;
      if (/^goroutine \d{1,9} (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[/.test(text)) {
        if (isRunning) close(findings);
        else isRunning = true;
        return true;
      }
      if (!isRunning) return text === "" || text.startsWith("[signal ");
      const name = frame.exec(text)?.[1];
      if (name !== undefined && !foreign.test(name) && frames.length < maxFrames) frames.push(name);
      if (name !== undefined || /^\t\S|^created by |^$/.test(text)) return true;
      close(findings);
      return false;
    },
    end: close,
  };
}

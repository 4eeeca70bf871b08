// Where a server says that it can be reached, and how long things took.

import type { Recogniser } from "./recogniser.ts";

const url =
  /\bhttps?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|\[[0-9a-f:]{2,40}\])(?::\d{1,5})?(?:\/[\w./?=&%-]{0,200})?/i;
const port =
  /\b(?:listening|started|running|serving|ready|available|exposed|bound)\b.{0,80}?\b(?:ports?|at|on)(?:\(s\))?:? {0,2}(?:port(?:\(s\))? )?(?:[\w.*[\]:]{0,40}:)?(\d{2,5})\b/i;
const took = /\b(?:in|time:|took|after) {1,3}[\d.]{1,12} ?(?:ms|s|secs?|seconds?|m|mins?|minutes?)\b/i;
const done =
  /\b(?:done|finished|built|compiled|ready|added|started|total time|build|completed|installed|ran|bundled)\b/i;
const digits = /\d/;
const maxChars = 300;

export function recogniseAnnouncements(): Recogniser {
  return {
    take: (line, findings) => {
      const text = line.text.slice(0, maxChars);
      const address = text.includes("://") ? url.exec(text)?.[0] : undefined;
      const number = address === undefined && digits.test(text) ? port.exec(text)?.[1] : undefined;
      if (address !== undefined) findings.announce(address, line);
      else if (number !== undefined && Number(number) <= 65_535) findings.announce(`port ${number}`, line);
      if (digits.test(text) && took.test(text) && done.test(text)) findings.duration(line);
      return false;
    },
  };
}

// The lines of output in which a pattern is found, as they come.

import { join, searchBytes, searchFrom, searchPending, type LineSearch } from "@longwire/shared/line-search.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const nothing = new Uint8Array(0);

export class MatchingLines {
  readonly #pattern: Pattern;
  #search: LineSearch = searchFrom(0);

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  /** Those that `bytes` complete. */
  take(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let rest = join(this.#search.pending, bytes);
    for (;;) {
      const { start } = this.#search;
      const found = searchBytes({ start, pending: nothing }, rest, this.#pattern, decode);
      if (!("text" in found)) {
        this.#search = found;
        return lines;
      }
      lines.push(found.text);
      rest = rest.subarray(found.end - start);
      this.#search = searchFrom(found.end);
    }
  }

  /** The line that has no end, where it matches. */
  end(): string[] {
    const found = searchPending(this.#search, this.#pattern, decode);
    return found === null ? [] : [found.text];
  }
}

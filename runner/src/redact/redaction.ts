// What is masked of one run, or of what the runner says itself. Made ready when it is first needed.

import type { NeedleIndex } from "./needle-index.ts";
import { indexOf, type Secrets } from "./needles.ts";
import { Redactor } from "./redactor.ts";

export class Redaction {
  readonly #secrets: Secrets;
  #index: NeedleIndex | null = null;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** For one stream. */
  redactor(): Redactor {
    this.#index ??= indexOf(this.#secrets);
    return new Redactor(this.#index);
  }

  /** A whole text with what is secret in it masked. */
  text(text: string): string {
    const redactor = this.redactor();
    const bytes = Buffer.from(text);
    const [begin, end] = [redactor.feed(bytes), redactor.end()];
    return begin.byteLength === bytes.byteLength ? text : Buffer.concat([begin, end]).toString();
  }
}

// One batch of the log, read by viewers: which of its facts a filter wants, and each fact's event as JSON text.
// Texts are made when first asked for and shared by all viewers.

import type { EventFilter } from "@longwire/shared/api/requests.ts";
import { wantsEvent } from "@longwire/shared/event-filter.ts";
import { presentEvent, type OutputText } from "@longwire/shared/present-event.ts";
import type { RunView } from "@longwire/shared/run-view.ts";
import { isRunFact, payloadOffsets, type Fact } from "@longwire/shared/wire/facts.ts";
import type { Runs } from "./runs.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function asText(bytes: Uint8Array): OutputText {
  try {
    return { data: strictUtf8.decode(bytes) };
  } catch {
    return { data_base64: toBase64(bytes) };
  }
}

/** In pieces, since a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

export class StoredBatch {
  /** The seq of the first fact. */
  readonly seq: number;
  readonly #facts: readonly Fact[];
  readonly #payload: Uint8Array;
  readonly #runs: Runs;
  readonly #texts: (string | undefined)[] = [];
  #offsets: number[] | null = null;

  constructor(seq: number, header: { readonly facts: readonly Fact[] }, payload: Uint8Array, runs: Runs) {
    this.seq = seq;
    this.#facts = header.facts;
    this.#payload = payload;
    this.#runs = runs;
  }

  /** The seq of the last fact. */
  get lastSeq(): number {
    return this.seq + this.#facts.length - 1;
  }

  #viewOf(fact: Fact): RunView | null {
    return isRunFact(fact) ? this.#runs.find(fact.process, fact.run) : null;
  }

  /** The event at `seq` as JSON text, `seq` first; null where `filter` does not want it. */
  textAt(seq: number, filter: EventFilter): string | null {
    const index = seq - this.seq;
    const fact = this.#facts[index];
    if (fact === undefined) return null;
    const view = this.#viewOf(fact);
    if (!wantsEvent(filter, fact, view)) return null;
    return (this.#texts[index] ??= JSON.stringify(presentEvent(seq, fact, view, () => this.#output(index))));
  }

  #output(index: number): OutputText {
    const offsets = (this.#offsets ??= payloadOffsets(this.#facts));
    return asText(this.#payload.subarray(offsets[index], offsets[index + 1]));
  }
}

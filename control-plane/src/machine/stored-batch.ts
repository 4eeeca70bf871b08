// One batch of the log, read by viewers: which of its facts a filter wants, and its events as JSON texts or as binary
// frames. Both are made when first asked for and shared by all viewers.

import type { EventFilter } from "@longwire/shared/api/requests.ts";
import { wantsEvent } from "@longwire/shared/event-filter.ts";
import { presentEvent, type OutputText } from "@longwire/shared/present-event.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { maxSharedFrames } from "@longwire/shared/limits.ts";
import type { OutputPiece } from "@longwire/shared/render/line.ts";
import type { RunView } from "@longwire/shared/run-view.ts";
import type { SkippedOutput } from "@longwire/shared/skipped-output.ts";
import { textForFrame, type EventText } from "@longwire/shared/viewer-frame.ts";
import type { Subscription } from "@longwire/shared/viewer-state.ts";
import { isAboutRun, payloadOffsets, type Fact } from "@longwire/shared/wire/facts.ts";
import { frameBatch, type BatchFrame } from "./batch-frame.ts";
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

/** An event as JSON, with the bytes it takes in UTF-8. */
export interface SizedText {
  readonly text: string;
  readonly bytes: number;
}

export type StoredOutput =
  | ({ readonly type: "output" } & OutputPiece)
  | { readonly type: "gap"; readonly from: number | null; readonly to: number | null; readonly reason: string };

export class StoredBatch {
  /** The seq of the first fact. */
  readonly seq: number;
  readonly #facts: readonly Fact[];
  #payload: Uint8Array<ArrayBuffer> | (() => Uint8Array<ArrayBuffer>);
  readonly #runs: Runs;
  readonly #texts: (SizedText | undefined)[] = [];
  readonly #framed: (EventText | undefined)[] = [];
  readonly #frames = new Map<string, BatchFrame>();
  #offsets: number[] | null = null;

  /** `payload`: the facts' bytes, in a buffer that becomes the batch's own; where it reads them, only if they are wanted. */
  constructor(
    seq: number,
    header: { readonly facts: readonly Fact[] },
    payload: Uint8Array<ArrayBuffer> | (() => Uint8Array<ArrayBuffer>),
    runs: Runs,
  ) {
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
    return isAboutRun(fact) ? this.#runs.find(fact.process, fact.run) : null;
  }

  /** A run's output in this batch, and what is lost of it; `from` is null where that is where the output ends. */
  *outputOf(process: ProcessId, run: number): Generator<StoredOutput, void, void> {
    for (const [index, fact] of this.#facts.entries()) {
      if ((fact.type !== "output" && fact.type !== "gap") || fact.process !== process || fact.run !== run) continue;
      if (fact.type === "gap") yield { type: "gap", from: fact.from_offset, to: fact.to_offset, reason: fact.reason };
      else yield { type: "output", stream: fact.stream, offset: fact.offset, at: fact.at, bytes: this.#bytes(index) };
    }
  }

  /** The event at `seq` as JSON text, `seq` first; null where `filter` does not want it. */
  textAt(seq: number, filter: EventFilter): SizedText | null {
    const index = seq - this.seq;
    const fact = this.#facts[index];
    if (fact === undefined) return null;
    const view = this.#viewOf(fact);
    if (!wantsEvent(filter, fact, view)) return null;
    return (this.#texts[index] ??= this.#textOf(index, fact, view));
  }

  #textOf(index: number, fact: Fact, view: RunView | null): SizedText {
    // What is escaped is ASCII, so beyond it a text has as many bytes more than characters as its output has.
    let beyond = 0;
    const event = presentEvent(this.seq + index, fact, view, () => {
      const bytes = this.#bytes(index);
      const output = asText(bytes);
      if ("data" in output) beyond = bytes.byteLength - output.data.length;
      return output;
    });
    const text = JSON.stringify(event);
    return { text, bytes: text.length + beyond };
  }

  /** The event at `seq` for a binary frame, with its bytes; null where `filter` does not want it, or it is skipped. */
  framedAt(
    seq: number,
    filter: EventFilter,
    skipped?: SkippedOutput,
  ): { readonly text: EventText; readonly payload: Uint8Array } | null {
    const index = seq - this.seq;
    const fact = this.#facts[index];
    if (fact === undefined) return null;
    const view = this.#viewOf(fact);
    if (!wantsEvent(filter, fact, view)) return null;
    if (skipped !== undefined && view !== null && fact.type === "output") {
      if (skipped.takes(seq, { ...fact, printed: view.output_bytes })) return null;
    }
    const text = (this.#framed[index] ??= textForFrame(presentEvent(seq, fact, view, ({ size }) => ({ size }))));
    return { text, payload: this.#bytes(index) };
  }

  /** A binary frame with the events from `seq` on, up to one beyond `budget` bytes. It must not be changed. */
  frameFrom(seq: number, subscription: Subscription, budget: number, skipped?: SkippedOutput): BatchFrame {
    // What is skipped is each viewer's own.
    if (skipped !== undefined) return frameBatch(this, seq, subscription, budget, skipped);
    const key = `${seq} ${subscription.id} ${JSON.stringify(subscription.filter)}`;
    const shared = this.#frames.get(key);
    if (shared !== undefined && (shared.frame?.byteLength ?? 0) <= budget) return shared;
    const framed = frameBatch(this, seq, subscription, budget);
    if (framed.isFull && this.#frames.size < maxSharedFrames) this.#frames.set(key, framed);
    return framed;
  }

  /**
   * Gives its memory back at once, after which it is not read any more. Collecting garbage, the runtime looks at its own
   * heap, in which a buffer of a megabyte is a few bytes: in a flood it would let a hundred of them lie. What a socket has
   * still to send it holds itself.
   */
  release(): void {
    for (const { frame } of this.#frames.values()) frame?.buffer.transfer(0);
    if (typeof this.#payload !== "function") this.#payload.buffer.transfer(0);
  }

  #bytes(index: number): Uint8Array {
    const offsets = (this.#offsets ??= payloadOffsets(this.#facts));
    if (typeof this.#payload === "function") this.#payload = this.#payload();
    return this.#payload.subarray(offsets[index], offsets[index + 1]);
  }
}

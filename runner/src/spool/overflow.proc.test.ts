import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitFrame } from "@longwire/shared/frame.ts";
import type { CommandId, ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import { judgeBatch, type Position } from "@longwire/shared/positions.ts";
import { batchHeaderSchema, findBatchFault } from "@longwire/shared/wire/batch.ts";
import { countRecords, type Fact } from "@longwire/shared/wire/facts.ts";
import { buildBatch } from "../link/batch-frame.ts";
import { SpoolReader } from "./spool-reader.ts";
import { SpoolWriter } from "./spool-writer.ts";

const id = "a".repeat(32) as SpoolId;
const of = { at: 1, process: "p1" as ProcessId, run: 1 };
const segmentBytes = 2000;

/** A run that prints and is signalled now and then; what it told, record by record. */
class Producer {
  readonly writer: SpoolWriter;
  readonly facts: Fact[] = [];
  readonly checks = [0];
  printed = 0;

  constructor(folder: string) {
    this.writer = new SpoolWriter(folder, segmentBytes);
  }

  print(size: number): void {
    this.#append({ type: "output", ...of, stream: "tty", offset: this.printed, size }, Buffer.alloc(size, "x"));
    this.printed += size;
  }

  tell(): void {
    const command_id = String(this.facts.length).padStart(32, "0") as CommandId;
    this.#append({ type: "signalled", ...of, signal: "SIGWINCH", command_id }, new Uint8Array(0));
  }

  #append(fact: Fact, payload: Uint8Array): void {
    const appended = this.writer.append(JSON.stringify(fact), payload);
    this.facts.push(fact);
    this.checks.push(appended?.check ?? -1);
  }
}

/** A control plane as far as it stores batches: by the decisions of the real one. */
class Store {
  readonly facts: Fact[] = [];
  positions = new Map<SpoolId, Position>();

  get next(): number {
    return this.positions.get(id)?.next ?? 1;
  }

  take(frame: Uint8Array<ArrayBuffer>): void {
    const parts = splitFrame(frame);
    if (parts === null) throw new Error("the frame is cut short");
    const header = batchHeaderSchema.parse(JSON.parse(new TextDecoder().decode(parts.header)));
    const fault = findBatchFault(header, parts.payload.byteLength);
    const verdict = judgeBatch(this.positions, header.parts);
    if (fault !== null || verdict.type !== "store" || verdict.diverged.length > 0) {
      throw new Error(`not stored: ${fault ?? JSON.stringify(verdict)}`);
    }
    this.positions = new Map(verdict.positions);
    this.facts.push(...header.facts);
  }
}

function withFolder(run: (folder: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), "longwire-overflow-"));
  try {
    run(join(root, "spool"));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function send(store: Store, reader: SpoolReader, roomBytes?: number): Uint8Array<ArrayBuffer> | null {
  if (store.next >= reader.next) return null;
  const from = { next: store.next, check: store.positions.get(id)?.check ?? 0 };
  return buildBatch(1, [{ id, reader, from }], roomBytes)?.frame ?? null;
}

function sendAll(store: Store, reader: SpoolReader): void {
  for (let frame = send(store, reader); frame !== null; frame = send(store, reader)) store.take(frame);
}

/** Bytes that arrived and bytes that gaps name; throws where they overlap or leave a hole. */
function account(facts: readonly Fact[]): {
  readonly received: number;
  readonly missing: number;
  readonly gaps: number;
} {
  let [received, missing, gaps] = [0, 0, 0];
  for (const fact of facts) {
    if (fact.type === "output") {
      expect(fact.offset).toBe(received + missing);
      received += fact.size;
    } else if (fact.type === "gap") {
      expect(fact).toMatchObject({ from_offset: received + missing, reason: "overflow" });
      missing = (fact.to_offset ?? 0) - received;
      gaps++;
    }
  }
  return { received, missing, gaps };
}

test("[D26] a spool past its bound lets its oldest output go, but for what is on its way, and one gap says so", () => {
  withFolder((folder) => {
    const producer = new Producer(folder);
    const reader = new SpoolReader(folder);
    const store = new Store();
    producer.tell();
    for (let at = 0; at < 50; at++) producer.print(200);
    reader.announce(producer.writer.next);
    const underWay = send(store, reader, 3000);
    if (underWay === null) throw new Error("there is something to send");
    for (let at = 0; at < 500; at++) {
      producer.print(200);
      producer.writer.overflow(20_000, 6000);
      expect(producer.writer.heldBytes).toBeLessThan(20_000 + 2 * segmentBytes);
    }
    reader.announce(producer.writer.next);
    store.take(underWay);
    // As after each connection, when checks are looked up.
    expect(reader.checkOf(store.next - 1)).toBe(store.positions.get(id)?.check);
    sendAll(store, reader);
    const { received, missing, gaps } = account(store.facts);
    expect(gaps).toBe(1);
    expect(missing).toBeGreaterThan(80_000);
    expect(received + missing).toBe(producer.printed);
    expect(store.next).toBe(producer.writer.next);
    // All before it is there, the batch that was on its way among it.
    const gapAt = store.facts.findIndex(({ type }) => type === "gap");
    expect(store.facts.slice(0, gapAt)).toEqual(producer.facts.slice(0, gapAt));
    expect(gapAt).toBeGreaterThan(10);
    reader.close();
    producer.writer.close();
  });
});

type Step = { readonly print: number } | "tell" | "overflow" | "send" | "reopen" | "trim";

test("[D26] whatever is printed, sent and let go meanwhile: bytes and gaps add up, and all else is told once", () => {
  const step = fc.oneof(
    { weight: 12, arbitrary: fc.record({ print: fc.integer({ min: 1, max: 900 }) }) },
    { weight: 2, arbitrary: fc.constant<Step>("tell") },
    { weight: 3, arbitrary: fc.constant<Step>("overflow") },
    { weight: 1, arbitrary: fc.constant<Step>("send") },
    { weight: 1, arbitrary: fc.constant<Step>("reopen") },
    { weight: 1, arbitrary: fc.constant<Step>("trim") },
  );
  const sizes = fc.record({ max: fc.integer({ min: 2000, max: 12_000 }), pinned: fc.nat(3000) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 250, size: "max" }), sizes, (steps, { max, pinned }) => {
      withFolder((folder) => {
        const producer = new Producer(folder);
        let reader = new SpoolReader(folder);
        const store = new Store();
        for (const one of steps) {
          if (typeof one === "object") producer.print(one.print);
          else if (one === "tell") producer.tell();
          else if (one === "overflow") producer.writer.overflow(max, pinned);
          else if (one === "trim") producer.writer.trim(store.next);
          else if (one === "reopen") {
            reader.close();
            reader = new SpoolReader(folder);
          } else {
            reader.announce(producer.writer.next);
            const frame = send(store, reader, 1500);
            // It arrives at once: what is on its way is not let go here.
            if (frame !== null) store.take(frame);
          }
        }
        reader.announce(producer.writer.next);
        sendAll(store, reader);
        expect(reader.damaged).toBe(false);
        const { received, missing } = accountLoosely(store.facts);
        expect(received + missing).toBe(producer.printed);
        const told = store.facts.filter(({ type }) => type === "signalled");
        expect(told).toEqual(producer.facts.filter(({ type }) => type === "signalled"));
        expect(store.facts.reduce((sum, fact) => sum + countRecords(fact), 0)).toBe(producer.facts.length);
        reader.close();
        producer.writer.close();
      });
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

/** As {@link account}, where a gap may begin before what arrived while it was made. */
function accountLoosely(facts: readonly Fact[]): { readonly received: number; readonly missing: number } {
  let [received, end] = [0, 0];
  for (const fact of facts) {
    if (fact.type === "output") {
      expect(fact.offset).toBe(end);
      received += fact.size;
      end += fact.size;
    } else if (fact.type === "gap") {
      expect(fact.from_offset).toBeLessThanOrEqual(end);
      end = fact.to_offset ?? 0;
    }
  }
  return { received, missing: end - received };
}

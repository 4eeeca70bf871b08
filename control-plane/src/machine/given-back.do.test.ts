import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { BatchHeader } from "@longwire/shared/wire/batch.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { output, spoolA } from "../fixtures/scripted-runner.ts";
import { testEnv } from "../fixtures/test-env.ts";
import { Log } from "./log.ts";
import { retentionOf } from "./retention-of.ts";

const subscription = { id: 1, cursor: 0, filter: {} };
const everything = Infinity;

test("[D35] a batch's memory is given back with the next one, and a stored one's once it is read", async () => {
  const machine = await newMachine();
  await runInDurableObject(machine, (_, { storage }) => {
    const log = new Log(storage, retentionOf(testEnv));
    const append = (record: number): ArrayBuffer => {
      const [fact] = output("x".repeat(5), (record - 1) * 5);
      const bytes = Uint8Array.from(new TextEncoder().encode(`line${record}`));
      const part = { spool: spoolA, from_record: record, count: 1, check_before: record - 1, check_last: record };
      const header: BatchHeader = { batch: record, parts: [part], facts: [fact] };
      expect(log.append(header, JSON.stringify(header), bytes, 1).type).toBe("store");
      return bytes.buffer;
    };
    const frameAt = (seq: number): Uint8Array<ArrayBuffer> | null =>
      log.readAt(seq, (batch) => {
        const { frame } = batch.frameFrom(seq, subscription, everything);
        expect(new TextDecoder().decode(frame ?? undefined)).toContain(`line${seq}`);
        return frame;
      });

    const payload = append(1);
    const frame = frameAt(1);
    expect(payload.detached).toBe(false);
    expect(frameAt(1)).toBe(frame);

    append(2);
    expect(payload.detached).toBe(true);
    expect(frame?.buffer.detached).toBe(true);

    expect(frameAt(1)?.buffer.detached).toBe(true);
    expect(frameAt(2)?.buffer.detached).toBe(false);
  });
});

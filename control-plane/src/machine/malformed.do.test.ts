import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mutateFrame, mutateText } from "@longwire/shared/node/fixtures/mutate.ts";
import { splitFrame } from "@longwire/shared/frame.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { nextRecords } from "@longwire/shared/positions.ts";
import { findBatchFault } from "@longwire/shared/wire/batch.ts";
import { runnerFrameSchema, type Hello } from "@longwire/shared/wire/link.ts";
import { readBatchHeader } from "@longwire/shared/wire/read-batch.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import {
  exited,
  output,
  scriptedFrame,
  scriptedHello,
  spoolA,
  spoolB,
  started,
  starting,
} from "../fixtures/scripted-runner.ts";
import { Log } from "./log.ts";
import { retentionOf } from "./retention-of.ts";
import { testEnv } from "../fixtures/test-env.ts";

const batches = 90_000;
const hellos = 10_000;
const decoder = new TextDecoder();

/** Numbers in [0, 1) that the seed of the run decides. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** What the link does with a batch's bytes, less the socket. */
function take(log: Log, frame: Uint8Array<ArrayBuffer>): "refused" | "store" | "repeat" | "rewind" {
  const parts = splitFrame(frame);
  if (parts === null) return "refused";
  const text = decoder.decode(parts.header);
  const header = readBatchHeader(parseJson(text));
  if (header === null || findBatchFault(header, parts.payload.byteLength) !== null) return "refused";
  return log.append(header, text, parts.payload, 1).type;
}

test("[D7] a hundred thousand malformed frames are refused or stored whole; none throws, and the log stays readable", async () => {
  const machine = await newMachine();
  const seed = fc.sample(fc.integer({ min: 1, max: 2 ** 31 - 1 }), 1)[0] ?? 1;
  const random = randomOf(seed);
  const counts = await runInDurableObject(machine, (_, { storage }) => {
    const log = new Log(storage, retentionOf(testEnv));
    const verdicts: Record<string, number> = {};
    const note = (verdict: string): void => void (verdicts[verdict] = (verdicts[verdict] ?? 0) + 1);
    for (let batch = 1; batch <= batches; batch++) {
      const next = nextRecords(log.positions, [spoolA, spoolB]);
      const frame = scriptedFrame(batch, [
        { spool: spoolA, from: next[spoolA] ?? 1, facts: [starting(), started(), output("héllo\n")] },
        {
          spool: spoolB,
          from: next[spoolB] ?? 1,
          facts: [starting("p2", "web"), output("x", 0, "p2"), exited("p2", 3)],
        },
      ]);
      note(take(log, mutateFrame(frame, random)));
    }
    for (let hello = 0; hello < hellos; hello++) {
      const said: Hello = scriptedHello([
        { id: spoolA, first: 1, next: nextRecords(log.positions, [spoolA])[spoolA] ?? 1 },
        { id: spoolB, first: 1, next: 5 },
      ]);
      const frame = runnerFrameSchema.safeParse(parseJson(mutateText(JSON.stringify(said), random)));
      if (!frame.success) note("hello refused");
      else if (frame.data.type === "forget") log.forget(frame.data.spools);
      else if (frame.data.type === "hello") {
        const { data } = frame;
        log.meet(data, 1);
        note("hello taken");
      }
    }
    const again = new Log(storage, retentionOf(testEnv));
    const rebuilt = { head: again.head, positions: again.positions };
    expect(rebuilt).toEqual({ head: log.head, positions: log.positions });
    return verdicts;
  }).catch((error: unknown) => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
  expect(counts["refused"]).toBeGreaterThan(batches / 2);
  expect(counts["store"]).toBeGreaterThan(100);
  expect(counts["hello refused"]).toBeGreaterThan(hellos / 4);
}, 120_000);

import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Recorder } from "./recorder.ts";

test("[D16] a disk that takes nothing delays records and loses none", async () => {
  const root = mkdtempSync(join(tmpdir(), "longwire-recorder-"));
  const folder = join(root, "spool");
  const away = join(root, "away");
  const numbers: number[] = [];
  // Each record needs a new segment, so that a folder that is not there is a disk that takes nothing.
  const recorder = new Recorder({
    folder,
    segmentBytes: 1,
    maxBytes: 1e6,
    onAppended: ({ number }) => void numbers.push(number),
    onRoom: () => {},
  });
  const fact = (at: number): Fact => ({
    type: "command",
    at,
    command_id: "0".repeat(32) as CommandId,
    outcome: "done",
  });
  recorder.record(fact(1));
  expect([numbers, recorder.isFull]).toEqual([[1], false]);
  renameSync(folder, away);
  recorder.record(fact(2));
  recorder.record(fact(3));
  expect([numbers, recorder.isFull]).toEqual([[1], true]);
  renameSync(away, folder);
  await waitUntil("the records are stored", () => numbers.length === 3);
  await recorder.stored();
  expect([numbers, recorder.isFull]).toEqual([[1, 2, 3], false]);
  recorder.close();
  rmSync(root, { recursive: true, force: true });
});

test("[D26] who cannot be paused is never asked to; the spool keeps to its bound, also to a new one", () => {
  const root = mkdtempSync(join(tmpdir(), "longwire-recorder-"));
  const folder = join(root, "spool");
  const recorder = new Recorder({
    folder,
    segmentBytes: 10_000,
    maxBytes: 200_000,
    overflows: true,
    onAppended: () => {},
    onRoom: () => {},
  });
  const held = (): number => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const size = 1000;
  for (let at = 0; at < 1000; at++) {
    const of = { at: 1, process: "p1" as ProcessId, run: 1, stream: "tty" as const };
    recorder.record({ type: "output", ...of, offset: at * size, size }, Buffer.alloc(size));
    expect(recorder.isFull).toBe(false);
  }
  expect([held() <= 220_000, held() > 150_000, recorder.next]).toEqual([true, true, 1001]);
  recorder.setMaxBytes(100_000);
  expect([held() <= 100_000, recorder.isFull]).toEqual([true, false]);
  recorder.close();
  rmSync(root, { recursive: true, force: true });
});

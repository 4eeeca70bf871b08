import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { BatchHeader } from "@longwire/shared/wire/batch.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { output, ScriptedRunner, spoolA, started, starting } from "../fixtures/scripted-runner.ts";
import { testEnv } from "../fixtures/test-env.ts";
import { Log } from "./log.ts";
import { retentionOf } from "./retention-of.ts";

test("[D8] an instance whose memory is behind the storage stores nothing, and so acknowledges nothing", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started()] });
  await runner.frame("ack");
  const texts = await runInDurableObject(machine, (_, { storage }) => {
    const append = (log: Log, text: string): unknown => {
      const [fact, bytes] = output(text);
      const part = { spool: spoolA, from_record: 3, count: 1, check_before: 2, check_last: 3 };
      const header: BatchHeader = { batch: 1, parts: [part], facts: [fact] };
      return log.append(header, JSON.stringify(header), Uint8Array.from(bytes), 1);
    };
    const retention = retentionOf(testEnv);
    const stale = new Log(storage, retention);
    expect(append(new Log(storage, retention), "x")).toMatchObject({ type: "store" });
    expect(() => append(stale, "y")).toThrow(/constraint/i);
    const log = new Log(storage, retention);
    return [log.head, log.readAt(3, (batch) => batch.textAt(3, {})?.text)];
  });
  expect(texts).toEqual([3, expect.stringContaining(`"data":"x"`)]);
});

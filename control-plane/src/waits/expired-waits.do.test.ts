import { expect, test } from "vitest";
import { pipeReadBytes, maxWaitOutputChars } from "@longwire/shared/limits.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { ScriptedRunner } from "../fixtures/scripted-runner.ts";
import { Flood, useSmallLogs } from "../fixtures/small-log.ts";
import { patternOf } from "@longwire/shared/fixtures/pattern-of.ts";
import { waitForRun } from "./wait-for-run.ts";
import { testStanding } from "../fixtures/test-holder.ts";

useSmallLogs();

test("[R9] [R11] a wait whose output is gone in part goes on with what is there, and counts what is missing", async () => {
  const machine = await newMachine();
  await new Flood(await ScriptedRunner.welcomed(machine)).send(10);
  const terms = {
    until: ["match"],
    pattern: patternOf("never"),
    port: null,
    idleMs: 0,
    endsAt: Date.now() + 50,
  } as const;
  const signal = new AbortController().signal;
  const answer = await waitForRun({
    ...terms,
    machine,
    standing: testStanding,
    process: "p2",
    after: { run: 1, offset: 0 },
    signal,
  });
  expect(answer).toMatchObject({
    value: {
      ended_by: "time_up",
      output: "x".repeat(maxWaitOutputChars),
      omitted_bytes: 40 * pipeReadBytes - maxWaitOutputChars,
    },
  });
});

test("[R10] a cursor near the output's end is found in the log without what was printed before it", async () => {
  const machine = await newMachine();
  await new Flood(await ScriptedRunner.welcomed(machine)).send(2);
  const from = async (offset: number): Promise<unknown> => await machine.findRun("p2", { run: 1, offset });
  // The run's first event has seq 1, and each output after it 64 KiB.
  expect(await from(7 * pipeReadBytes + 1)).toMatchObject({ value: { firstSeq: 9, head: 9 } });
  expect(await from(6 * pipeReadBytes)).toMatchObject({ value: { firstSeq: 8 } });
  expect(await from(0)).toMatchObject({ value: { firstSeq: 1 } });
});

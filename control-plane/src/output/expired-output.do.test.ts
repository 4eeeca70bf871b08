import { expect, test } from "vitest";
import type { Problem } from "@longwire/shared/api/views.ts";
import { keptTailBytes } from "@longwire/shared/limits.ts";
import { enrollMachine } from "../fixtures/enrolled-machine.ts";
import { output, ScriptedRunner, spoolA, started, starting } from "../fixtures/scripted-runner.ts";
import { Flood, useSmallLogs } from "../fixtures/small-log.ts";

useSmallLogs();

test("[R9] [L4] output that is gone is refused by its cursor, and told where no cursor is given; a live run's tail stays", async () => {
  const { machine, request } = await enrollMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const old = "old line\n".repeat(20_000);
  const pieces = [old.slice(0, 60_000), old.slice(60_000, 120_000), old.slice(120_000)];
  const facts = pieces.map((text, index) => output(text, index * 60_000));
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "quiet"), started("p1"), ...facts] });
  await runner.frame("ack");
  await new Flood(runner).send(12);

  const refused = await request("/processes/quiet/output?after=1.0");
  expect(refused.status).toBe(410);
  const problem = await refused.json<Problem>();
  expect(problem.code).toBe("output_expired");
  const { earliest = "" } = problem;
  expect(problem.hint).toContain(`after=${earliest}\``);
  const from = Number(/^1\.(\d+)$/.exec(earliest)?.[1]);
  expect(old.length - from).toBeGreaterThanOrEqual(keptTailBytes - 1);
  const rest = await request(`/processes/quiet/output?format=raw&after=${earliest}`);
  expect(await rest.text()).toBe(old.slice(from));
  const whole = await (await request("/processes/quiet/output")).text();
  expect(whole).toContain(`[gap: ${from} bytes lost (expired), offsets 0–${from}]`);
  expect(whole).toContain("old line [×");
});

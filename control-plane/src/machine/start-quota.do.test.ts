import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { Problem } from "@longwire/shared/api/views.ts";
import { enrollMachine } from "../fixtures/enrolled-machine.ts";
import { ScriptedRunner } from "../fixtures/scripted-runner.ts";

test("[T36] starts beyond the quota are refused before anything is stored, also after a sleep; nothing else is", async () => {
  const { machine, request } = await enrollMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  // As after sixty starts at once.
  await runInDurableObject(machine, (_, { storage }) => {
    storage.sql.exec(`INSERT INTO meta (key, value) VALUES ('starts_spent_until', ?)`, String(Date.now() + 3600_000));
  });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  const countCommands = (): Promise<number> =>
    runInDurableObject(
      machine,
      (_, { storage }) => storage.sql.exec<{ count: number }>(`SELECT count(*) AS count FROM commands`).one().count,
    );
  const start = { method: "POST", body: JSON.stringify({ command: "make" }) };
  const refused = await request("/processes", start);
  expect(refused.status).toBe(429);
  const problem = await refused.json<Problem>();
  expect(problem.code).toBe("rate_limited");
  expect(problem.retry_after_ms).toBeGreaterThan(0);
  expect(problem.retry_after_ms).toBeLessThanOrEqual(2000);
  expect(Number(refused.headers.get("Retry-After"))).toBe(Math.ceil((problem.retry_after_ms ?? 0) / 1000));
  expect(await countCommands()).toBe(0);
  expect((await request("/processes")).status).toBe(200);
  expect(runner.log.waiting).toBe(0);
});

test("[T36] a repeat under the same Idempotency-Key is no further start", async () => {
  const { machine, request } = await enrollMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const spent = (): Promise<number> =>
    runInDurableObject(machine, (_, { storage }) => {
      const [row] = storage.sql
        .exec<{ value: string }>(`SELECT value FROM meta WHERE key = 'starts_spent_until'`)
        .toArray();
      return Number(row?.value ?? 0);
    });
  const start = { method: "POST", body: JSON.stringify({ command: "make" }), headers: { "Idempotency-Key": "one" } };
  void request("/processes", start);
  await runner.frame("command");
  const once = await spent();
  expect(once).toBeGreaterThan(Date.now());
  void request("/processes", start);
  await runner.frame("command");
  expect(await spent()).toBe(once);
});

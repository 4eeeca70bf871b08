import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, test, vi } from "vitest";
import type { Problem, StartedAnswer, WaitAnswer } from "@longwire/shared/api/views.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { exited, output, type Piece, ScriptedRunner, spoolA, started, starting } from "../fixtures/scripted-runner.ts";
import type { Machine } from "../machine/machine.ts";

let request: EnrolledMachine["request"];
let machine: DurableObjectStub<Machine>;
let runner: ScriptedRunner;

beforeEach(async () => {
  ({ machine, request } = await enrollMachine());
  runner = await ScriptedRunner.welcomed(machine);
});

async function wait(query: string, process = "p1"): Promise<WaitAnswer> {
  const response = await request(`/processes/${process}/wait?${query}`);
  if (response.status !== 200) throw new Error(await response.text());
  return await response.json<WaitAnswer>();
}

const viewerCount = (): Promise<number> =>
  runInDurableObject(
    machine,
    (_, state) => state.getWebSockets("viewer").filter(({ readyState }) => readyState === WebSocket.OPEN).length,
  );
/** Resolves when a wait follows the machine's events. */
const follows = (count = 1): Promise<boolean> => vi.waitUntil(async () => (await viewerCount()) === count);

test("[R12] a wait ends with the run's exit, and a run that has ended answers at once", async () => {
  await runner.store(starting("p1", "web"), started());
  const waiting = wait("until=exit", "web");
  await follows();
  await runner.store(output("bye\n"), exited("p1", 3));
  const answer = await waiting;
  expect(answer).toMatchObject({
    ended_by: "exit",
    next_cursor: "1.4",
    output: "bye\n",
    omitted_bytes: 0,
    process: { process_id: "p1", state: "exited", returncode: 3 },
  });
  const again = await wait("wait_ms=50000");
  expect(again).toEqual({ ...answer, output: "" });
  expect(await wait("after=1.1&wait_ms=50000")).toEqual({ ...answer, output: "ye\n" });
  await follows(0);
});

test("[R10] a line printed before the call is found from the start or from the cursor, and not before it", async () => {
  await runner.store(starting(), output("one\nready 1\ntwo\n"), output("ready 2\nthree", 16));
  const first = await wait("until=match&pattern=ready.[0-9]");
  expect(first).toMatchObject({ ended_by: "match", match: { text: "ready 1", cursor: "1.12" }, next_cursor: "1.12" });
  expect(first.output).toBe("one\nready 1\n");
  const second = await wait(`until=match&pattern=ready&after=${first.next_cursor}`);
  expect(second).toMatchObject({ match: { text: "ready 2", cursor: "1.24" }, output: "two\nready 2\n" });
  const third = await wait(`until=match&pattern=ready&wait_ms=0&after=${second.next_cursor}`);
  expect(third).toMatchObject({ ended_by: "time_up", next_cursor: "1.24", output: "three" });
  expect(third).not.toHaveProperty("match");
});

test("[R10] [R13] a line in two pieces with a reset of the object between them is found once, where it ends", async () => {
  await runner.store(starting(), output("é lis"));
  const waiting = wait("until=match&pattern=^é+listening+on+[0-9]%2B$");
  await follows();
  await runner.store(output("tening on ", 6));
  await evictDurableObject(machine, { webSockets: "close" });
  runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 4, facts: [output("3000\nmore\n", 16)] });
  expect(await waiting).toMatchObject({
    ended_by: "match",
    match: { text: "é listening on 3000", cursor: "1.21" },
    output: "é listening on 3000\n",
  });
});

test("[R12] any output that is new ends a wait, also what came before the call behind its cursor", async () => {
  await runner.store(starting(), output("old\n"));
  const waiting = wait("until=output&until=match&pattern=never");
  await follows();
  await runner.store(output("new\n", 4));
  expect(await waiting).toMatchObject({ ended_by: "output", next_cursor: "1.8", output: "old\nnew\n" });
  expect(await wait("until=output&after=1.4")).toMatchObject({ ended_by: "output", output: "new\n" });
  expect(await wait("until=output&wait_ms=50")).toMatchObject({ ended_by: "time_up", output: "", next_cursor: "1.8" });
});

test("[R12] silence for idle_ms ends a wait", async () => {
  await runner.store(starting(), output("old\n"));
  const idle = await wait("until=idle&until=output&idle_ms=50");
  expect(idle).toMatchObject({ ended_by: "idle", next_cursor: "1.4", output: "" });
});

test("[R13] a wait goes on through a reset of the object in silence", async () => {
  await runner.store(starting(), output("old\n"));
  const waiting = wait("until=idle&until=exit&idle_ms=700");
  await follows();
  await evictDurableObject(machine, { webSockets: "close" });
  runner = await ScriptedRunner.welcomed(machine);
  expect(await waiting).toMatchObject({ ended_by: "idle", next_cursor: "1.4", output: "" });
});

test("[R12] a cursor of an earlier run waits for that run", async () => {
  const second = (fact: Piece): Piece =>
    "type" in fact ? ({ ...fact, run: 2 } as Fact) : [{ ...fact[0], run: 2 } as Fact, fact[1]];
  await runner.store(starting(), output("first\n"), exited("p1", 1), second(starting()), second(output("second\n")));
  expect(await wait("after=1.0")).toMatchObject({
    ended_by: "exit",
    output: "first\n",
    process: { run: 1, returncode: 1 },
  });
  expect(await wait("until=match&pattern=s&after=2.0")).toMatchObject({
    match: { text: "second" },
    process: { run: 2 },
  });
});

test("[R12] a failed start ends a wait as an exit does", async () => {
  await runner.store(starting(), {
    ...started(),
    type: "failed",
    reason: "spawn_failed",
    detail: "no such file",
  } as Fact);
  expect(await wait("until=match&pattern=x")).toMatchObject({ ended_by: "exit", process: { state: "failed" } });
});

test("[R11] output is cut to its last 4000 characters, with what bytes are no text", async () => {
  await runner.store(starting(), output("é".repeat(5000)), output(new Uint8Array([0xff, 0x0a]), 10_000), exited());
  const { output: text, omitted_bytes: omitted } = await wait("after=1.0");
  expect(text).toBe(`${"é".repeat(3998)}\u{fffd}\n`);
  expect(omitted).toBe(2 * (5000 - 3998));
});

test("[R10] a pattern that backtracking never ends stays fast", async () => {
  await runner.store(starting(), output(`${"a".repeat(16_000)}b\n`), output("aaa\n", 16_002), exited());
  const query = `until=match&pattern=${encodeURIComponent("^(a+)+$")}&wait_ms=10000`;
  expect(await wait(query)).toMatchObject({ ended_by: "match", match: { text: "aaa" } });
});

test.for([
  ["until=match", "pattern"],
  ["pattern=x", "pattern"],
  ["until=match&pattern=(a", "pattern"],
  ["until=noise", "until.0"],
  ["until=exit&wait_ms=1&wait_ms=2", "wait_ms"],
  ["wait_ms=50001", "wait_ms"],
  ["after=7", "after"],
  ["after=1.5", "after"],
  ["after=2.0", "after"],
])("[T5] a wait with %s is refused with the field's name", async ([query, path]) => {
  await runner.store(starting(), output("old\n"));
  const response = await request(`/processes/p1/wait?${query}`);
  const problem = await response.json<Problem>();
  expect([response.status, problem.errors?.[0]?.path]).toEqual([422, path]);
});

test("[T5] a wait for an unknown process answers 404, and a bad pattern is said in RE2's words", async () => {
  expect((await request("/processes/nobody/wait")).status).toBe(404);
  await runner.store(starting());
  const response = await request("/processes/p1/wait?until=match&pattern=(a");
  expect((await response.json<Problem>()).detail).toContain("missing closing )");
});

test("[R12] whoever asked and is gone takes the wait's viewer along", async () => {
  await runner.store(starting());
  const gone = new AbortController();
  void request("/processes/p1/wait", { signal: gone.signal }).catch(() => undefined);
  await follows();
  gone.abort();
  await follows(0);
});

test("[R70] two hundred waits at once end as they should, and leave neither a socket nor a timer behind", async () => {
  await runner.store(starting(), started(), output("here\n"));
  const pending = new Set<number>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  vi.stubGlobal("setTimeout", (task: () => void, delayMs?: number): number => {
    const timer: number = set(() => {
      pending.delete(timer);
      task();
    }, delayMs);
    pending.add(timer);
    return timer;
  });
  vi.stubGlobal("clearTimeout", (timer: number | null): void => {
    if (timer !== null) pending.delete(timer);
    clear(timer);
  });
  try {
    const asked = {
      exit: "until=exit&wait_ms=30000",
      match: "until=match&pattern=^there$&wait_ms=30000",
      idle: "until=idle&idle_ms=100&until=exit&wait_ms=30000",
      time_up: "until=match&pattern=never&wait_ms=300",
    };
    const waits = Object.entries(asked).map(
      ([by, query]) => [by, Array.from({ length: 50 }, () => wait(query))] as const,
    );
    // Both that are for time alone may be over by then.
    await vi.waitUntil(async () => (await viewerCount()) >= 100, { timeout: 10_000 });
    expect(pending.size).toBeGreaterThanOrEqual(100);
    expect(await wait("until=match&pattern=here&wait_ms=30000")).toMatchObject({ ended_by: "match" });
    await runner.store(output("there\n", 5));
    for (const [by, all] of waits.slice(1)) for (const one of all) expect((await one).ended_by).toBe(by);
    await runner.store(exited());
    for (const one of waits[0]?.[1] ?? []) expect((await one).ended_by).toBe("exit");
    await follows(0);
    await vi.waitUntil(() => pending.size === 0);
    expect(await runInDurableObject(machine, (_, state) => state.storage.getAlarm())).toBeNull();
  } finally {
    vi.unstubAllGlobals();
  }
});

test("[R12] a start waits for the same, from its run's beginning", async () => {
  const body = JSON.stringify({ command: "serve" });
  const answer = request("/processes?until=match&until=exit&pattern=ready&wait_ms=10000", { method: "POST", body });
  await runner.settle();
  await runner.store(starting(), started(), output("getting ready\nand more\n"));
  const response = await answer;
  expect(response.status).toBe(201);
  expect(response.headers.get("Location")).toBe("/v1/machines/-/processes/p1");
  expect(await response.json<StartedAnswer>()).toMatchObject({
    process_id: "p1",
    state: "running",
    wait: { ended_by: "match", match: { text: "getting ready", cursor: "1.14" }, next_cursor: "1.14" },
  });
});

test("[T5] a start with a wait that is not valid starts nothing", async () => {
  const body = JSON.stringify({ command: "serve" });
  for (const query of ["until=match&pattern=(a", "wait_ms=10", "pattern=x", "until=never"]) {
    expect((await request(`/processes?${query}`, { method: "POST", body })).status).toBe(422);
  }
  expect(runner.log.waiting).toBe(0);
});

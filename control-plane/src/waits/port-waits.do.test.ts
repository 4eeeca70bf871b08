import { evictDurableObject } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import type { Problem, StartedAnswer, WaitAnswer } from "@longwire/shared/api/views.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { exited, output, ScriptedRunner, started, starting } from "../fixtures/scripted-runner.ts";
import type { Machine } from "../machine/machine.ts";

let request: EnrolledMachine["request"];
let machine: DurableObjectStub<Machine>;
let runner: ScriptedRunner;

beforeEach(async () => {
  ({ machine, request } = await enrollMachine());
  runner = await ScriptedRunner.welcomed(machine);
});

async function wait(query: string): Promise<WaitAnswer> {
  const response = await request(`/processes/p1/wait?${query}`);
  if (response.status !== 200) throw new Error(await response.text());
  return await response.json<WaitAnswer>();
}

const answer = (id: string, port: number | null): void =>
  runner.socket.send(JSON.stringify({ type: "port", id, port }));

test("[R21] a wait ends with the port the runner found, and says which", async () => {
  await runner.store(starting(), started(), output("Local:\n"));
  const waiting = wait("until=port&until=exit&after=1.0&wait_ms=50000");
  const question = await runner.frame("await_port");
  expect(question).toMatchObject({ process: "p1", run: 1 });
  expect(question).not.toHaveProperty("port");
  answer(question.id, 5173);
  expect(await waiting).toMatchObject({ ended_by: "port", port: 5173, output: "Local:\n", process: { run: 1 } });
});

test("[R21] a runner that found none is asked again, for the port that is wanted", async () => {
  await runner.store(starting(), started());
  const waiting = wait("until=port&port=3000&wait_ms=50000");
  for (const port of [null, null, 3000]) {
    const question = await runner.frame("await_port");
    expect(question.port).toBe(3000);
    answer(question.id, port);
  }
  expect(await waiting).toMatchObject({ ended_by: "port", port: 3000 });
});

test("[R21] [R13] it is asked again after a reset of the object and by a runner's next connection", async () => {
  await runner.store(starting(), started());
  const waiting = wait("until=port&wait_ms=50000");
  await runner.frame("await_port");
  await evictDurableObject(machine, { webSockets: "close" });
  runner = await ScriptedRunner.welcomed(machine);
  const second = await runner.frame("await_port");
  const old = runner;
  runner = await ScriptedRunner.welcomed(machine);
  const third = await runner.frame("await_port");
  expect(third.id).not.toBe(second.id);
  expect((await old.log.closed).code).toBe(4409);
  answer(third.id, 3000);
  expect(await waiting).toMatchObject({ ended_by: "port", port: 3000 });
});

test("[R21] [R12] the run's end and the time end it all the same, and nobody is asked for a run that has ended", async () => {
  await runner.store(starting(), started());
  const waiting = wait("until=port&wait_ms=50000");
  await runner.frame("await_port");
  expect(await wait("until=port&wait_ms=50")).toMatchObject({ ended_by: "time_up" });
  await runner.frame("await_port");
  await runner.store(exited());
  expect(await waiting).toMatchObject({ ended_by: "exit", process: { state: "exited" } });
  const asked: string[] = [];
  expect(await wait("until=port&wait_ms=100")).toMatchObject({ ended_by: "exit" });
  while (runner.log.waiting > 0) asked.push((JSON.parse(await runner.log.next()) as { type: string }).type);
  expect(asked).not.toContain("await_port");
});

test("[R21] a start waits for a port", async () => {
  const body = JSON.stringify({ command: "serve" });
  const starts = request("/processes?until=port&port=8080&wait_ms=20000", { method: "POST", body });
  await runner.settle();
  await runner.store(starting(), started(), output("listening\n"));
  const question = await runner.frame("await_port");
  expect(question).toMatchObject({ process: "p1", run: 1, port: 8080 });
  answer(question.id, 8080);
  const response = await starts;
  expect(response.status).toBe(201);
  const wanted = { ended_by: "port", port: 8080, output: "listening\n" };
  expect(await response.json<StartedAnswer>()).toMatchObject({ process_id: "p1", wait: wanted });
});

test.for([
  ["until=port&port=0", "port"],
  ["until=port&port=65536", "port"],
  ["until=port&port=http", "port"],
  ["port=3000", "port"],
  ["until=exit&port=3000", "port"],
])("[T5] a wait with %s is refused with the field's name", async ([query, path]) => {
  await runner.store(starting());
  const response = await request(`/processes/p1/wait?${query}`);
  const problem = await response.json<Problem>();
  expect([response.status, problem.errors?.[0]?.path]).toEqual([422, path]);
});

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import type { Problem, WaitAnswer } from "@longwire/shared/api/views.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { exited, output, ScriptedRunner, started, starting } from "../fixtures/scripted-runner.ts";
import type { Machine } from "../machine/machine.ts";

const process = "p1" as ProcessId;
const of = { at: 0, process, run: 1 };

let request: EnrolledMachine["request"];
let machine: DurableObjectStub<Machine>;
let runner: ScriptedRunner;

beforeEach(async () => {
  ({ machine, request } = await enrollMachine());
  runner = await ScriptedRunner.welcomed(machine);
  await runner.store(starting(), started());
});

async function post(path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
  const text = body === undefined ? null : JSON.stringify(body);
  return await request(`/processes/${path}`, { method: "POST", headers, body: text });
}

const storedOperations = (): Promise<string> =>
  runInDurableObject(machine, (_, state) =>
    JSON.stringify(state.storage.sql.exec(`SELECT operation FROM commands`).toArray()),
  );

test("[P20] input goes to the machine, and nothing keeps its text once it is settled", async () => {
  const answer = post("p1/input", { text: "a secret", keys: ["Tab"], enter: true });
  const { operation } = await runner.settle({ offset: 0 });
  const input = { text: "a secret", keys: ["Tab"], enter: true, close: false };
  expect(operation).toEqual({ op: "input", process, input });
  const response = await answer;
  expect([response.status, await response.json()]).toMatchObject([200, { process: { process_id: "p1" } }]);
  expect(await storedOperations()).not.toContain("secret");
});

test("[P20] nothing keeps the text of an input that nobody answered, once it has expired", async () => {
  void post("p1/input", { text: "a secret" }, { "Idempotency-Key": "lost" });
  const { command } = await runner.frame("command");
  await runInDurableObject(machine, (_, state) => void state.storage.sql.exec(`UPDATE commands SET expires_at = 1`));
  await evictDurableObject(machine, { webSockets: "hibernate" });
  const other = post("p1/input", { text: "another" });
  await runner.settle({ offset: 0 });
  expect((await other).status).toBe(200);
  expect(await storedOperations()).not.toContain("secret");
  void post("p1/input", { text: "a secret" }, { "Idempotency-Key": "lost" });
  const again = await runner.frame("command");
  expect(again.command).toMatchObject({ id: command.id, operation: command.operation });
});

test("[C2] a repeat of an input under its key is not sent again", async () => {
  const send = (text: string): Promise<Response> => post("p1/input", { text }, { "Idempotency-Key": "typed" });
  const first = send("ls\n");
  await runner.settle({ offset: 0 });
  expect((await first).status).toBe(200);
  expect((await send("ls\n")).status).toBe(200);
  expect(runner.log.waiting).toBe(0);
  expect((await send("other\n")).status).toBe(409);
});

test("[R12] an input that waits answers with what was printed since it was given, however late that before it came", async () => {
  const answer = post("p1/input?until=match&pattern=^>&wait_ms=20000", { text: "1 + 1", enter: true });
  await runner.store(output("> "));
  await runner.settle({ offset: 6 });
  await runner.store(output("old\n", 2), output("2\n> ", 6));
  const response = await answer;
  expect(response.status).toBe(200);
  expect(await response.json<WaitAnswer>()).toMatchObject({
    ended_by: "match",
    output: "2\n> ",
    omitted_bytes: 0,
    next_cursor: "1.10",
    process: { process_id: "p1" },
  });
});

test("[P22] pause and resume answer when the log says so", async () => {
  const pausing = post("p1/pause");
  expect((await runner.settle()).operation).toEqual({ op: "pause", process });
  await runner.store({ type: "paused", ...of });
  expect(await (await pausing).json()).toMatchObject({ process: { state: "paused" } });
  const resuming = post("p1/resume", {});
  expect((await runner.settle()).operation).toEqual({ op: "resume", process });
  await runner.store({ type: "resumed", ...of });
  expect(await (await resuming).json()).toMatchObject({ process: { state: "running" } });
});

test("[P18] a new size goes to the machine; its refusal comes back with its words", async () => {
  const sized = post("p1/resize", { cols: 132, rows: 43 });
  expect((await runner.settle({ offset: 0 })).operation).toEqual({
    op: "resize",
    process,
    size: { cols: 132, rows: 43 },
  });
  expect((await sized).status).toBe(200);
  const refused = post("p1/resize", { cols: 80, rows: 24 });
  await runner.settle({
    outcome: "refused",
    code: "invalid_request",
    detail: "p1 has no terminal, so it has no size.",
  });
  const response = await refused;
  expect(response.status).toBe(422);
  expect(await response.json<Problem>()).toMatchObject({ detail: "p1 has no terminal, so it has no size." });
});

test("[P20] input for a process that has ended is refused by the machine's word", async () => {
  await runner.store(exited());
  const answer = post("p1/input", { text: "x" });
  await runner.settle({ outcome: "refused", code: "process_ended", detail: "p1 has ended." });
  expect((await answer).status).toBe(409);
  expect((await post("nobody/input", { text: "x" })).status).toBe(404);
});

test.for([
  { path: "p1/input", body: {}, field: "text", word: "what to send" },
  { path: "p1/input", body: { text: "a", data_base64: "YQ==" }, field: "text", word: "one of" },
  { path: "p1/input", body: { data_base64: "%" }, field: "data_base64", word: "base64" },
  { path: "p1/input", body: { keys: ["Enter", "Hyper-X"] }, field: "keys.1", word: "no key" },
  { path: "p1/input", body: { txt: "a" }, field: "", word: "txt" },
  { path: "p1/input?until=match", body: { text: "a" }, field: "pattern", word: "until=match" },
  { path: "p1/input?wait_ms=5", body: { text: "a" }, field: "until", word: "wait" },
  { path: "p1/resize", body: { cols: 0, rows: 24 }, field: "cols", word: "1" },
  { path: "p1/resize", body: { cols: 80 }, field: "rows", word: "number" },
  { path: "p1/pause", body: { now: true }, field: "", word: "now" },
  { path: "p1/resume", body: { now: true }, field: "", word: "now" },
])("[T5] $path with $body is refused with the field's name", async ({ path, body, field, word }) => {
  const response = await post(path, body);
  expect(response.status).toBe(422);
  const { errors } = await response.json<Problem>();
  expect(errors).toContainEqual({ path: field, message: expect.stringContaining(word) as string });
  expect(runner.log.waiting).toBe(0);
});

import { beforeEach, expect, test } from "vitest";
import type { Machine as MachineView, Process } from "@longwire/shared/api/views.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { Samples, TreeSample } from "@longwire/shared/wire/questions.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { exited, ScriptedRunner, spoolA, started, starting } from "../fixtures/scripted-runner.ts";
import type { Machine } from "../machine/machine.ts";

let request: EnrolledMachine["request"];
let machine: DurableObjectStub<Machine>;
let runner: ScriptedRunner;

beforeEach(async () => {
  ({ machine, request } = await enrollMachine());
  runner = await ScriptedRunner.welcomed(machine);
  const facts = [starting("p1", "web"), started("p1"), starting("p2"), started("p2"), exited("p2")];
  runner.send({ spool: spoolA, from: 1, facts });
  await runner.frame("ack");
});

async function get<T>(path: string): Promise<T> {
  const response = await request(path);
  if (response.status !== 200) throw new Error(await response.text());
  return await response.json<T>();
}

const web = "p1" as ProcessId;
const tree: TreeSample = {
  process: web,
  run: 1,
  cpu_percent: 12.5,
  cpu_user_ms: 300,
  cpu_system_ms: 100,
  memory_bytes: 5_000_000,
  processes: 2,
  open_handles: 40,
  read_bytes: 1000,
  written_bytes: null,
  idle_ms: 7,
};
const mine = { port: 3000, address: "::", pid: 12, command: "node serve.js" };
const foreign = { port: 5432, address: "127.0.0.1", pid: 99, command: "postgres" };
const samples: Omit<Samples, "id"> = {
  type: "samples",
  at: 1_700_000_000_000,
  trees: [tree],
  ports: [{ ...mine, process: web, run: 1 }, foreign],
  machine: {
    cpus: 8,
    load: [1, 2, 3],
    memory_total_bytes: 1000,
    memory_free_bytes: 500,
    runner_memory_bytes: 100,
  },
};

/** Takes the question that was asked, and answers it. */
async function answer(): Promise<boolean> {
  const question = await runner.frame("sample");
  runner.socket.send(JSON.stringify({ ...samples, id: "of nobody" }));
  runner.socket.send(JSON.stringify({ ...samples, id: question.id }));
  return question.all_ports;
}

const { process: _, run: __, ...told } = tree;
const metrics = { sampled_at: "2023-11-14T22:13:20.000Z", ...told };

test("[R20] a process asked for with metrics=true comes with what its tree uses and listens on", async () => {
  const asked = get<Process>("/processes/web?metrics=true");
  expect(await answer()).toBe(false);
  expect(await asked).toMatchObject({ process_id: "p1", metrics, ports: [mine] });
  const plain = await get<Process>("/processes/web");
  for (const field of ["metrics", "ports", "metrics_reason"]) expect(plain).not.toHaveProperty(field);
  expect(runner.log.waiting).toBe(0);
});

test("[R20] so does a list, in which only what runs has metrics", async () => {
  const asked = get<{ items: Process[] }>("/processes?metrics=true");
  await answer();
  const { items } = await asked;
  expect(items.map(({ process_id: id, metrics: of, ports }) => [id, of, ports])).toEqual(
    expect.arrayContaining([
      ["p1", metrics, [mine]],
      ["p2", null, []],
    ]),
  );
});

test("[R20] [P39] a machine comes with its own figures, the sums of its runs, and who holds each port", async () => {
  const asked = get<MachineView>("?metrics=true");
  expect(await answer()).toBe(true);
  expect(await asked).toMatchObject({
    name: "box",
    metrics: {
      sampled_at: metrics.sampled_at,
      ...samples.machine,
      total: { cpu_percent: 12.5, memory_bytes: 5_000_000, processes: 2, open_handles: 40 },
    },
    ports: [
      { ...mine, process_id: "p1" },
      { ...foreign, process_id: null },
    ],
  });
});

test("[R20] a runner that does not answer, or goes away, leaves them out and says why", async () => {
  const asked = get<Process>("/processes/web?metrics=true");
  await runner.frame("sample");
  const process = await asked;
  expect(process.metrics_reason).toContain("5 s");
  expect(process).not.toHaveProperty("metrics");
  const interrupted = get<MachineView>("?metrics=true");
  await runner.frame("sample");
  runner = await ScriptedRunner.welcomed(machine);
  expect((await interrupted).metrics_reason).toContain("ask again");
});

test("[R20] they are null while the machine is offline", async () => {
  runner.socket.close(1000, "bye");
  await runner.log.closed;
  expect(await get("/processes/web?metrics=true")).toMatchObject({ process_id: "p1", metrics: null, ports: null });
  expect(await get("/processes?metrics=true")).toMatchObject({ items: [{ metrics: null }, { metrics: null }] });
  expect(await get("?metrics=true")).toMatchObject({ online: false, metrics: null, ports: null });
});

test("[T5] metrics is true or false", async () => {
  for (const path of [
    "?metrics=yes",
    "/processes?metrics=1",
    "/processes/web?metrics=",
    "/processes/web?metric=true",
  ]) {
    await expect(get(path)).rejects.toThrow("422");
  }
});

import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Inquiry, Samples, TreeSample } from "@longwire/shared/wire/questions.ts";
import { TestMachine } from "../../fixtures/machine.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

const MiB = 1024 * 1024;
const argv = [process.execPath, join(import.meta.dirname, "../../fixtures/uses-things.ts")];

async function begin(): Promise<ProcessId> {
  const started = await machine.start({ argv });
  await machine.printed(started, "begun");
  return started;
}

/** Has the fixture do one thing, and waits until it has. */
async function have(of: ProcessId, deed: string): Promise<void> {
  await machine.ask({ op: "input", process: of, input: { text: deed, enter: true, close: false } });
  await machine.printed(of, `${deed} done`);
}

async function ask(inquiry: Inquiry): Promise<Samples | number | null> {
  const answer = await machine.supervisor?.answer({ ...inquiry, id: "1" });
  if (answer === undefined) throw new Error("there is no runner");
  return answer.type === "samples" ? answer : answer.type === "port" ? answer.port : null;
}
const sample = async (all = false): Promise<Samples> => (await ask({ type: "sample", all_ports: all })) as Samples;
const awaitPort = (of: ProcessId, waitMs: number, port?: number): ReturnType<typeof ask> =>
  ask({ type: "await_port", process: of, run: 1, wait_ms: waitMs, ...(port === undefined ? {} : { port }) });

/** The first sample of the run's tree that is as it is wanted. */
function sampled(what: string, of: ProcessId, isWanted: (tree: TreeSample) => boolean): Promise<TreeSample> {
  return waitUntil(what, async () => (await sample()).trees.find((tree) => tree.process === of && isWanted(tree)));
}

test("[P37] memory, open handles and what was read show, and totals stay while what is held goes", async () => {
  const user = await begin();
  const before = await sampled("the run is sampled", user, () => true);
  expect(before).toMatchObject({ process: user, run: 1, processes: 1 });
  expect(before.memory_bytes).toBeGreaterThan(10 * MiB);
  await have(user, "grow 100");
  await have(user, "open 50");
  await have(user, `read ${process.execPath}`);
  const isGrown = (tree: TreeSample): boolean => tree.memory_bytes > before.memory_bytes + 90 * MiB;
  const after = await sampled("memory grew", user, isGrown);
  expect(after.open_handles).toBeGreaterThanOrEqual((before.open_handles ?? 0) + 50);
  expect(after.read_bytes).toBeGreaterThan((before.read_bytes ?? 0) + 10 * MiB);
  expect(after.written_bytes).toBeGreaterThan(0);
  expect((await sample()).machine.runner_memory_bytes).toBeGreaterThan(MiB);
  await machine.stop(user);
  await waitUntil("an ended run is in no sample", async () =>
    (await sample()).trees.every((tree) => tree.process !== user),
  );
});

test("[P37] a busy loop anywhere in the tree shows as processor use, and silence as none", async () => {
  const busy = await machine.start({ command: `sh -c 'while :; do :; done' & sleep 1000` });
  const tree = await sampled("it is busy", busy, (one) => one.cpu_percent > 10);
  expect(tree.processes).toBeGreaterThanOrEqual(3);
  expect(tree.cpu_user_ms + tree.cpu_system_ms).toBeGreaterThan(0);
  const idle = await machine.start({ argv: ["sleep", "1000"] });
  await sampled("nothing happens there", idle, (one) => one.cpu_percent === 0 && one.idle_ms > 500);
  await Promise.all([machine.stop(busy), machine.stop(idle)]);
});

test("[P37] a sample less than a second old is given again, to whoever asks", async () => {
  const [one, other] = await Promise.all([sample(true), sample()]);
  expect(other.at).toBe(one.at);
  expect((await sample()).at).toBe(one.at);
  await waitUntil("a later one is newer", async () => (await sample()).at > one.at);
});

test("[P38] a server's port appears with its address and process, and goes with it", async () => {
  const server = await begin();
  expect((await sample()).ports.filter((port) => port.process === server)).toEqual([]);
  await have(server, "listen 0");
  const [port] = await waitUntil("its port is seen", async () => {
    const ports = (await sample()).ports.filter((one) => one.process === server);
    return ports.length > 0 && ports;
  });
  expect(port).toMatchObject({ address: "127.0.0.1", process: server, run: 1 });
  expect(port?.command).toContain("uses-things");
  await have(server, "close");
  await waitUntil("its port is gone", async () => (await sample()).ports.every((one) => one.process !== server));
  await machine.stop(server);
});

test("[P38] a stranger's port is told with its pid and program, and only where all are asked for", async () => {
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const { port } = stranger.address() as AddressInfo;
  const told = await waitUntil("it is seen", async () => (await sample(true)).ports.find((one) => one.port === port));
  expect(told).toMatchObject({ address: "127.0.0.1", pid: process.pid });
  expect(told).not.toHaveProperty("process");
  expect(told.command).not.toContain(" --");
  await waitUntil("it is no run's", async () => (await sample()).ports.every((one) => one.port !== port));
  stranger.close();
});

test("[P40] whoever waits for a port is told when the tree listens: on any, or on the one that is wanted", async () => {
  const server = await begin();
  expect(await awaitPort(server, 0)).toBeNull();
  const any = awaitPort(server, 30_000);
  await have(server, "listen 0");
  const port = await any;
  expect(port).toBeGreaterThan(0);
  expect(await awaitPort(server, 30_000, Number(port))).toBe(port);
  expect(await awaitPort(server, 300, port === 1 ? 2 : 1)).toBeNull();
  await machine.stop(server);
});

test("[P40] a wait for a port is answered as soon as its run is not there", async () => {
  const ending = await begin();
  const waiting = awaitPort(ending, 50_000);
  await machine.stop(ending);
  expect(await waiting).toBeNull();
  expect(await awaitPort("p999" as ProcessId, 50_000)).toBeNull();
});

test("[P37] [P13] a run that another runner began is sampled like any other", async () => {
  const adopted = await begin();
  await machine.leave();
  await machine.begin();
  const tree = await sampled("it is sampled", adopted, (one) => one.memory_bytes > MiB);
  expect(tree.processes).toBe(1);
  await machine.stop(adopted);
});

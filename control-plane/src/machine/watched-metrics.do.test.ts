import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { watchedSamplesId, type Samples } from "@longwire/shared/wire/questions.ts";
import { BinaryViewer } from "../fixtures/binary-viewer.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { ScriptedRunner } from "../fixtures/scripted-runner.ts";

const MiB = 1024 * 1024;
const of = { process: "p1" as ProcessId, run: 2 };
const tree = { cpu_percent: 12.5, cpu_user_ms: 10, cpu_system_ms: 5, memory_bytes: 4096, processes: 2 };
const samples: Samples = {
  type: "samples",
  id: watchedSamplesId,
  at: Date.parse("2026-11-21T12:00:00Z"),
  trees: [{ ...of, ...tree, open_handles: 7, read_bytes: null, written_bytes: null, idle_ms: 3 }],
  ports: [
    { ...of, port: 5173, address: "127.0.0.1", pid: 12, command: "node" },
    { port: 22, address: "::", pid: null, command: "sshd" },
  ],
  machine: { cpus: 2, load: [1, 2, 3], memory_total_bytes: 10, memory_free_bytes: 5, runner_memory_bytes: 1 },
};

test("[R22] samples go to who wants them and has credit, and the runner takes them only while somebody does", async () => {
  const machine = await newMachine();
  const runner = await ScriptedRunner.welcomed(machine);
  const [one, two, poor] = [
    await BinaryViewer.open(machine, MiB),
    await BinaryViewer.open(machine, MiB),
    await BinaryViewer.open(machine),
  ];
  one.say({ type: "metrics", wanted: true });
  expect(await runner.frame("watch_metrics")).toMatchObject({ watched: true });
  two.say({ type: "metrics", wanted: true });
  poor.say({ type: "metrics", wanted: true });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  runner.socket.send(JSON.stringify(samples));
  for (const viewer of [one, two]) {
    const frame = await viewer.control("metrics");
    expect(frame.processes).toMatchObject([
      { process_id: "p1", run: 2, metrics: { cpu_percent: 12.5, open_handles: 7 }, ports: [{ port: 5173, pid: 12 }] },
    ]);
    expect(frame.machine).toMatchObject({ sampled_at: "2026-11-21T12:00:00.000Z", cpus: 2, total: { processes: 2 } });
  }
  // What comes next shows that nothing came before it.
  poor.say({ type: "credit", bytes: MiB });
  poor.say({ type: "subscribe", id: 1 });
  await poor.control("subscribed");
  const next = await ScriptedRunner.connect(machine);
  next.hello();
  expect(await next.frame("welcome")).toMatchObject({ metrics_watched: true });
  one.say({ type: "metrics", wanted: false });
  poor.socket.close(1000);
  two.socket.close(1000);
  expect(await next.frame("watch_metrics")).toMatchObject({ watched: false });
});

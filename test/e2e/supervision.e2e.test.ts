import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Process, StartedAnswer, WaitAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

const ended = (id: string): Promise<Process> =>
  waitUntil(`${id} ends`, async () => {
    const process = await on.api.process(id);
    return ["exited", "failed"].includes(process.state) ? process : null;
  });

test("[P24] [P25] a restart keeps the id and begins run 2; both runs stay readable until it is forgotten", async () => {
  const { process_id: id } = await on.api.start({ command: "echo up; sleep 1000", name: "web" });
  const again = await on.api.call<StartedAnswer>(
    "POST",
    "/processes/web/restart?until=match&pattern=up&wait_ms=20000",
    {},
  );
  expect(again).toMatchObject({ status: 201, body: { process_id: id, run: 2, wait: { ended_by: "match" } } });
  const runs = await on.api.call<{ items: Process[] }>("GET", "/processes/web/runs");
  expect(runs.body.items).toMatchObject([
    { run: 2, state: "running" },
    { run: 1, state: "exited", reason: "stopped" },
  ]);
  expect((await on.api.call("DELETE", "/processes/web")).status).toBe(409);
  await on.api.stop("web");
  const forgotten = await fetch(`${on.product.ready.url}/v1/machines/-/processes/web`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${on.product.ready.token}` },
  });
  expect(forgotten.status).toBe(204);
  expect((await on.api.call("GET", "/processes/web")).status).toBe(404);
});

test("[P27] a process that fails is begun again until its bound", async () => {
  const restart = { policy: "on_failure", max: 2, delay_ms: 20, max_delay_ms: 40 };
  const { process_id: id } = await on.api.start({ command: "exit 4", restart });
  const last = await waitUntil("run 3 ends", async () => {
    const process = await on.api.process(id);
    return process.run === 3 && process.state === "exited" ? process : null;
  });
  expect(last).toMatchObject({ restarts: 2, returncode: 4 });
});

test("[P29] a wait for `ready` ends when the process is, and at once when it is already", async () => {
  const flag = path.join(on.product.data, "flag");
  const started = await on.api.start({ command: "sleep 1000", ready: { command: `test -e '${flag}'` } });
  expect(started.ready).toBe(false);
  const wait = on.api.call<WaitAnswer>("GET", `/processes/${started.process_id}/wait?until=ready&wait_ms=20000`);
  writeFileSync(flag, "");
  expect((await wait).body).toMatchObject({ ended_by: "ready", process: { ready: true } });
  const again = await on.api.call<WaitAnswer>("GET", `/processes/${started.process_id}/wait?until=ready`);
  expect(again.body.ended_by).toBe("ready");
  await on.api.stop(started.process_id);
});

test("[P29] a process is ready by a line of its own, behind a flood; a pattern that is none is refused", async () => {
  const command = String.raw`yes | head -c 5000000; printf '\n\033[32mready\033[0m in '; sleep 0.2; printf '200 ms\n'; sleep 1000`;
  const ready = { pattern: "^ready in [0-9]+ ms$" };
  const started = await on.api.call<StartedAnswer>("POST", "/processes?until=ready&wait_ms=20000", { command, ready });
  expect(started.body).toMatchObject({ ready: true, wait: { ended_by: "ready" } });
  const id = started.body.process_id;
  expect(await on.api.events(0, `&process=${id}&type=ready`)).toMatchObject([{ detail: "ready in 200 ms" }]);
  await on.api.stop(id);
  const refused = await on.api.call("POST", "/processes", { command, ready: { pattern: "(" } });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "ready.pattern" }] } });
});

test("[P30] a limit that is reached is an event, and the run's reason", async () => {
  const { process_id: id } = await on.api.start({ command: "sleep 1000", limits: { run_ms: 300 } });
  expect(await ended(id)).toMatchObject({ reason: "timeout" });
  const events = await on.api.events(0, `&process=${id}&type=limit`);
  expect(events).toMatchObject([{ limit: "run_ms", allowed: 300 }]);
});

test("[C6] [P28] the runner killed: what waits in a queue begins once, in its order", async () => {
  const file = path.join(on.product.data, "order");
  const gate = path.join(on.product.data, "gate");
  const queue = (priority: number) => ({ name: "jobs", parallel: 1, priority });
  const held = await on.api.start({ command: `while [ ! -e '${gate}' ]; do sleep 0.05; done`, queue: queue(0) });
  const ids: string[] = [];
  for (const [word, priority] of [
    ["late", 0],
    ["soon", 5],
  ] as const) {
    const job = await on.api.start({ command: `echo ${word} >> '${file}'`, queue: queue(priority) });
    expect(job).toMatchObject({ state: "pending", waiting_for: "queue" });
    ids.push(job.process_id);
  }
  process.kill(on.product.find(/cli\.js connect/).pid, "SIGKILL");
  writeFileSync(gate, "");
  for (const id of [held.process_id, ...ids]) expect(await ended(id)).toMatchObject({ returncode: 0 });
  expect(existsSync(file) && readFileSync(file, "utf8")).toBe("soon\nlate\n");
});

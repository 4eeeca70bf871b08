import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Process, StartedAnswer, WaitAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

const vite = path.join(root, "test/node_modules/.bin/vite");

const on = useProduct();
let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  cpSync(path.join(root, "test/fixtures/vite-app"), cwd, { recursive: true });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test("[R21] [R20] [P38] a dev server is waited for by its port, measured, and named to the one that finds it taken", async () => {
  const first = await on.api.call<StartedAnswer>("POST", "/processes?until=port&until=exit&wait_ms=40000", {
    argv: [vite, "--port", "0", "--host", "127.0.0.1"],
    name: "dev",
    cwd,
  });
  expect(first.body).toMatchObject({ name: "dev", state: "running", wait: { ended_by: "port" } });
  const port = first.body.wait.port ?? 0;
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);

  const { body: measured } = await on.api.call<Process>("GET", "/processes/dev?metrics=true");
  expect(measured.ports).toContainEqual(expect.objectContaining({ port, address: "127.0.0.1" }));
  expect(measured.metrics?.memory_bytes).toBeGreaterThan(20_000_000);
  expect(measured.metrics?.open_handles).toBeGreaterThan(3);

  const second = await on.api.call<StartedAnswer>("POST", "/processes?until=exit&wait_ms=40000", {
    argv: [vite, "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
    name: "again",
    cwd,
  });
  expect(second.body).toMatchObject({ state: "exited", returncode: 1, wait: { ended_by: "exit" } });
  expect(second.body.wait.output).toContain(`Port ${port} is already in use`);
  const holder = await waitUntil("the machine says who holds it", async () => {
    const { body } = await on.api.call<{ ports?: { port: number; process_id: string | null }[] }>(
      "GET",
      "?metrics=true",
    );
    return body.ports?.find((one) => one.port === port);
  });
  expect(holder.process_id).toBe(first.body.process_id);

  const waiting = on.api.call<WaitAnswer>("GET", "/processes/dev/wait?until=port&port=1&wait_ms=50000");
  await on.api.stop("dev");
  expect((await waiting).body).toMatchObject({ ended_by: "exit", process: { reason: "stopped" } });
});

test("[R21] [R13] a wait for a port goes on through the death of the runner", async () => {
  const script = `setTimeout(() => require("net").createServer().listen(0, "127.0.0.1"), 6000)`;
  const { process_id: id } = await on.api.start({ argv: [process.execPath, "-e", script] });
  const waiting = on.api.call<WaitAnswer>("GET", `/processes/${id}/wait?until=port&wait_ms=50000`);
  process.kill(on.product.find(/cli\.js connect/).pid, "SIGKILL");
  const answer = await waiting;
  expect(answer.body).toMatchObject({ ended_by: "port", process: { process_id: id, state: "running" } });
  await on.api.stop(id);
});

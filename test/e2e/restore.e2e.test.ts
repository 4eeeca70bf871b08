import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { Product } from "../support/product.ts";

/** Runs `command` to its end in a product on `data`, and ends that; the log's last seq. */
async function serveOnce(data: string | undefined, command: string): Promise<{ data: string; head: number }> {
  const product = await Product.start(data === undefined ? {} : { data });
  const api = new Api(product.ready);
  const { process_id: id } = await api.start({ command });
  await waitUntil("it ends", async () => (await api.process(id)).state === "exited");
  const { head } = await api.machine();
  await product.end("SIGINT");
  return { data: product.data, head };
}

test("[D18] a control plane put back from a backup says what is missing and gives no seq twice", async () => {
  const { data, head: saved } = await serveOnce(undefined, "echo before");
  const stored = path.join(data, "control-plane");
  const backup = path.join(data, "backup");
  cpSync(stored, backup, { recursive: true });
  const { head: lost } = await serveOnce(data, "echo lost");
  expect(lost).toBeGreaterThan(saved);
  rmSync(stored, { recursive: true });
  cpSync(backup, stored, { recursive: true });
  const product = await Product.start({ data });
  try {
    const api = new Api(product.ready);
    const { process_id: id } = await api.start({ command: "echo after" });
    await waitUntil("it ends", async () => (await api.process(id)).state === "exited");
    const events = await api.events();
    const gap = events.find(({ type }) => type === "gap");
    expect(gap).toMatchObject({ reason: "restored" });
    expect(gap?.to_seq).toBeGreaterThan(lost);
    expect(gap?.seq).toBe((gap?.to_seq ?? 0) + 1);
    const after = events.filter(({ process_id }) => process_id === id);
    expect(after.map(({ data: text }) => text ?? "").join("")).toBe("after\n");
    for (const { seq } of after) expect(seq).toBeGreaterThan(gap?.seq ?? Infinity);
    expect(events.filter(({ seq }) => seq <= lost).map(({ data: text }) => text ?? "")).not.toContain("lost\n");
  } finally {
    await product.close();
  }
}, 120_000);

test("[P31] a run that lived when the backup was made, and ended since, does not live for ever", async () => {
  const product = await Product.start();
  const { data } = product;
  const stored = path.join(data, "control-plane");
  const backup = path.join(data, "backup");
  const api = new Api(product.ready);
  const { process_id: id } = await api.start({ command: "echo up; sleep 1000" });
  // As a snapshot of the disk takes it: the last writes are in the databases' own journals.
  cpSync(stored, backup, { recursive: true });
  expect(await api.stop(id)).toMatchObject({ stopped: true });
  await product.end("SIGINT");
  rmSync(stored, { recursive: true });
  cpSync(backup, stored, { recursive: true });
  const again = await Product.start({ data });
  try {
    const restored = new Api(again.ready);
    await waitUntil("it has ended", async () => (await restored.process(id)).state === "exited");
    expect(await restored.process(id)).toMatchObject({ returncode: null, reason: "shim_lost" });
  } finally {
    await again.close();
  }
}, 120_000);

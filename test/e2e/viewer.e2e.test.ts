import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { ViewerEvent } from "@longwire/shared/read-viewer-frame.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";
import { ViewerSocket } from "../support/viewer-socket.ts";

const on = useProduct();
const windowBytes = 128 * 1024;

/** Starts a child that prints what is hard to carry, every byte there is included, and keeps a ledger of it. */
async function printOddBytes(name: string): Promise<{ id: string; ledger: string }> {
  const ledger = path.join(on.product.data, `${name}.ledger`);
  const argv = ["node", path.join(root, "test/fixtures/odd-bytes.mjs"), ledger];
  const { process_id: id } = await on.api.start({ argv, name });
  return { id, ledger };
}

const bytesOf = (events: readonly ViewerEvent[]): Buffer =>
  Buffer.concat(events.flatMap(({ payload }) => payload ?? []));

test("[R14] [R16] a viewer that is cut off and goes on by its cursor has a process's bytes exactly as they were printed", async () => {
  const { id, ledger } = await printOddBytes("odd");
  const first = await ViewerSocket.open(on.product.ready, windowBytes);
  first.say({ type: "subscribe", id: 1, after: 0, process: id });
  await waitUntil("some of it came", () => bytesOf(first.events).byteLength > 300_000);
  first.close();
  const had = first.events.slice();
  const second = await ViewerSocket.open(on.product.ready, windowBytes);
  second.say({ type: "subscribe", id: 1, after: had.at(-1)?.seq ?? 0, process: id });
  await waitUntil("it ends", () => second.events.at(-1)?.type === "exited");
  second.close();
  const all = [...had, ...second.events];
  expect(bytesOf(all).equals(readFileSync(ledger))).toBe(true);
  const events = await on.api.events(0, `&process=${id}`);
  const withoutBytes = (event: object): object => ({ ...event, payload: null, data: null, data_base64: null });
  expect(all.map(withoutBytes)).toEqual(events.map(withoutBytes));
  expect(second.controls).toMatchObject([
    { type: "status", online: true },
    { type: "subscribed", id: 1, earliest: 1 },
  ]);
});

test("[R14] the example prints a process's bytes as they are, with nothing but Node", async () => {
  const { ledger } = await printOddBytes("shown");
  const { url, token } = on.product.ready;
  const example = spawn(process.execPath, [path.join(root, "examples/view.mjs"), url, token, "shown"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: Buffer[] = [];
  let errors = "";
  example.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  example.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  try {
    await waitUntil("it ends", () => example.exitCode !== null && example.stdout.readableEnded);
  } finally {
    example.kill("SIGKILL");
  }
  expect(errors).toMatch(/^[0-9]+ shown exited 0$/m);
  expect(example.exitCode).toBe(0);
  expect(Buffer.concat(printed).equals(readFileSync(ledger))).toBe(true);
});

/** The subprotocol chosen, or the status of the refusal. */
async function choose(protocols: string[], query = ""): Promise<string | number> {
  const { url, token } = on.product.ready;
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/machines/-/ws${query}`, protocols, {
    headers: { Authorization: `Bearer ${token}` },
  });
  try {
    return await new Promise((resolve, reject) => {
      socket.once("open", () => resolve(socket.protocol));
      socket.once("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
      socket.once("error", reject);
    });
  } finally {
    socket.on("error", () => undefined);
    socket.terminate();
  }
}

test("[R14] the subprotocol listed first is spoken, and the binary one takes no parameters", async () => {
  const both = ["longwire.viewer.v1", "longwire.events.v1"];
  expect(await choose(both)).toBe("longwire.viewer.v1");
  expect(await choose(both.toReversed())).toBe("longwire.events.v1");
  expect(await choose(["other", "longwire.viewer.v1"])).toBe("longwire.viewer.v1");
  expect(await choose(["longwire.viewer.v1"], "?after=0")).toBe(422);
  expect(await choose(["other"])).toBe(426);
});

test("[R22] a viewer that wants to know is told how the machine and its runs do, again and again, until it does not", async () => {
  const { process_id: id } = await on.api.start({ command: "while :; do :; done", name: "busy" });
  const viewer = await ViewerSocket.open(on.product.ready, windowBytes);
  viewer.say({ type: "metrics", wanted: true });
  const told = () => viewer.controls.flatMap((frame) => (frame.type === "metrics" ? [frame] : []));
  await waitUntil("three samples came", () => told().length >= 3);
  const last = told().at(-1);
  expect(last?.machine).toMatchObject({ cpus: expect.any(Number), total: { processes: expect.any(Number) } });
  const busy = last?.processes.find(({ process_id: one }) => one === id);
  expect(busy?.metrics.cpu_user_ms).toBeGreaterThan(0);
  expect(new Set(told().map(({ machine }) => machine.sampled_at)).size).toBe(told().length);
  await on.api.stop(id);
  await waitUntil("it is in no sample any more", () =>
    told()
      .at(-1)
      ?.processes.every((one) => one.process_id !== id),
  );
  viewer.close();
});

// Records what this version says, for the versions after it to understand: a session of the link with the log it made,
// a live run's spool, and what its shim answers. Done once for each version of the protocol:
//
//   node test/faults/record-session.ts test/fixtures/recorded/1

import { once } from "node:events";
import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { FrameRelay } from "../support/frame-relay.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { Product } from "../support/product.ts";
import { keepMessage } from "./link-message.ts";

const [folder = ""] = process.argv.slice(2);
const inFolder = (name: string): string => path.join(folder, name);
const lines = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join("");

mkdirSync(folder, { recursive: true });
const product = await Product.start();
const relay = await FrameRelay.open(product.ready.url);
const runner = await LoneRunner.start({ server: relay.url, hostData: product.data });
try {
  const api = new Api({ url: product.ready.url, token: runner.token });
  await live(api);
  writeFileSync(inFolder("events.jsonl"), lines(await api.events()));
  writeFileSync(inFolder("link.jsonl"), lines(relay.frames.map(keepMessage)));
  await recordShim();
} finally {
  await runner.close();
  await relay.close();
  await product.close();
}

/** A bit of everything; p4 still lives at the end. */
async function live(api: Api): Promise<void> {
  await api.start({ cwd: "/", command: "echo out; echo err >&2; exit 3", tags: ["ci"] });
  await api.start({ cwd: "/", command: String.raw`printf '\303\251 \377\000 €\n'`, name: "bytes" });
  await api.call("POST", "/processes", { cwd: "/", argv: ["/no/such/program"] });
  await api.start({ cwd: "/", command: "echo ready; exec sleep 600", name: "web" });
  const { process_id: stopped } = await api.start({ cwd: "/", command: "exec sleep 600" });
  await api.call("POST", `/processes/${stopped}/signal`, { signal: "SIGCONT" });
  await api.stop(stopped);
  await waitUntil("only one lives", async () => (await api.machine()).counts.live === 1);
  await waitUntil("it is ready", async () => (await api.events()).some(({ data }) => data === "ready\n"));
}

/** The spool of p4, and its shim's side of the control connection from the attaching to the last word. */
async function recordShim(): Promise<void> {
  await runner.kill();
  const run = path.join(runner.data, "runs/p4-1");
  for (const file of globSync(path.join(run, "*.seg"))) copyFileSync(file, inFolder(path.basename(file)));
  const { socket: address } = JSON.parse(readFileSync(path.join(run, "spec.json"), "utf8")) as { socket: string };
  const socket = connect(address);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "connect");
  const sent = [
    { type: "attach" },
    { type: "trim", below: 2 },
    { type: "signal", id: 1, command_id: "1".repeat(32), signal: "SIGCONT", tree: false },
    { type: "stop", id: 2, command_id: "2".repeat(32), signal: "SIGINT", grace_ms: 2000 },
  ].map(encode);
  for (const frame of sent) await write(socket, frame);
  await once(socket, "close");
  writeFileSync(inFolder("control-from-runner.bin"), Buffer.concat(sent));
  writeFileSync(inFolder("control-from-shim.bin"), Buffer.concat(chunks));
  runner.begin();
}

/** A message of the control socket. */
function encode(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(5);
  head.writeUInt32LE(1 + text.byteLength, 0);
  return Buffer.concat([head, text]);
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
}

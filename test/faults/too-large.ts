// F25: messages larger than any limit, on each way in. The sender is closed or refused, everybody else goes on, and the
// sender that connects again is served like before.

import { readFileSync } from "node:fs";
import path from "node:path";
import WebSocket from "ws";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { maxBodyBytes, maxFrameBytes, maxTextFrameBytes } from "@longwire/shared/limits.ts";
import { linkSubprotocol } from "@longwire/shared/wire/link.ts";
import { Api } from "../support/api.ts";
import { residentBytes } from "../support/process-figures.ts";
import { Product } from "../support/product.ts";
import { enrollMachine, SimulatedRunner, type SimulatedMachine } from "../support/simulated-runner.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { useOne } from "./stage.ts";

const tooLarge = 1009;
const hugeBytes = 33 * 1024 * 1024;
/** What the runtime may hold more after it all; it keeps freed memory for a while. */
const mostGrowth = 256 * 1024 * 1024;

export async function sendTooMuch({ count }: FaultOptions): Promise<FaultReport> {
  return await useOne(await Product.start(), async (product) => {
    const enrollKey = readFileSync(path.join(product.data, "enroll-key"), "utf8");
    const machine = await enrollMachine(product.ready.url, enrollKey, "large");
    const other = await enrollMachine(product.ready.url, enrollKey, "huge");
    const runner = new SimulatedRunner({ url: product.ready.url, token: machine.machine_token });
    try {
      return await oversend({ product, machine, other, runner }, count);
    } finally {
      runner.close();
    }
  });
}

interface Senders {
  readonly product: Product;
  readonly machine: SimulatedMachine;
  /** Sends what its end of the connection may never be read to the end of. */
  readonly other: SimulatedMachine;
  /** Of `machine`; connects again by itself. */
  readonly runner: SimulatedRunner;
}

async function oversend({ product, machine, other, runner }: Senders, count: number): Promise<FaultReport> {
  const { url } = product.ready;
  const wrongs: string[] = [];
  const workerd = product.find(/workerd.*serve/).pid;
  const before = residentBytes(workerd);
  const frames = {
    batch: Buffer.alloc(maxFrameBytes + 1),
    text: "x".repeat(maxTextFrameBytes + 1),
  };
  const link = { address: `${url}/v1/link`, protocol: linkSubprotocol, token: other.machine_token };
  const viewer = { address: `${url}/v1/machines/-/ws`, protocol: "longwire.events.v1", token: machine.admin_token };
  const senders = {
    "viewer's text": { ...viewer, message: frames.text },
    "huge batch": { ...link, message: Buffer.alloc(hugeBytes) },
    "huge text": { ...link, message: "x".repeat(hugeBytes) },
    bomb: { ...link, message: Buffer.alloc(hugeBytes), perMessageDeflate: true },
  };
  for (let round = 0; round < count; round++) {
    for (const [name, frame] of Object.entries(frames)) {
      await waitUntil("the runner is connected and heard", () => runner.isConnected && runner.isDone);
      const ended = runner.closeCodes.length;
      runner.sendRaw(frame);
      await waitUntil(`the ${name} closes the link`, () => runner.closeCodes.length > ended);
      const code = runner.closeCodes.at(-1);
      if (code !== tooLarge) wrongs.push(`a ${name} closed the link with ${code}`);
      runner.print(`after a ${name}\n`);
    }
    for (const [name, sender] of Object.entries(senders)) {
      const code = await closeOf(sender);
      if (code !== tooLarge) wrongs.push(`a ${name} closed its socket with ${code}`);
    }
    const { status } = await new Api({ url, token: machine.admin_token }).call("POST", "/processes", {
      command: "x".repeat(maxBodyBytes),
    });
    if (status !== 413) wrongs.push(`a body of more than ${maxBodyBytes} bytes is answered with ${status}`);
  }
  await waitUntil("the runner is heard again", () => runner.isConnected && runner.isDone);
  if (product.find(/workerd.*serve/).pid !== workerd) wrongs.push("the control plane died");
  const grown = residentBytes(product.find(/workerd.*serve/).pid) - before;
  if (grown > mostGrowth) wrongs.push(`the control plane grew by ${grown} bytes`);
  return { wrongs, late: [], figures: { grown_bytes: grown } };
}

interface Sender {
  readonly address: string;
  readonly protocol: string;
  readonly token: string;
  readonly message: string | Buffer;
  readonly perMessageDeflate?: boolean;
}

/** The code with which a socket is closed that says this and nothing else; 1006 where there is none. */
async function closeOf({ address, protocol, token, message, perMessageDeflate = false }: Sender): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  const socket = new WebSocket(address.replace(/^http/, "ws"), protocol, { headers, perMessageDeflate });
  socket.on("error", () => undefined);
  socket.once("open", () => socket.send(message));
  const closed = new Promise<number>((resolve) => socket.once("close", (code) => resolve(code)));
  await waitUntil("the socket is being closed", () => socket.readyState >= WebSocket.CLOSING);
  // The other end reads no more, so the connection itself might end much later.
  socket.terminate();
  return await closed;
}

/** A run of the floor: one object, the sender that feeds it, and its viewers. */
import { once } from "node:events";

import { WebSocket } from "ws";

import type { Program } from "../program.ts";
import type { Argv, Following, OnChunk, StoredRun } from "../subject.ts";
import { type RowReader, createRowReader } from "./row-reader.ts";

const JOB_BYTES = 4;

/** A connection is not used again: the runtime may close it just then. */
const ONE_REQUEST = { connection: "close" };

/** Makes the run ready in the object at `path`. */
export function beginFloorRun(url: string, path: string, jobs: readonly Argv[], sender: Program): StoredRun {
  const object = new URL(path, url);
  let sent: Promise<unknown> = Promise.resolve();
  let polled: { readonly reader: RowReader; readonly openJobs: () => number } | null = null;

  /** Takes messages as the sender made them; the count says how many jobs go on. */
  function createTaker(onChunk: OnChunk): { take(message: Buffer): void; openJobs(): number } {
    let openJobs = jobs.length;
    return {
      take(message) {
        const job = message.readUInt32BE(0);
        if (message.length > JOB_BYTES) onChunk(job, message.subarray(JOB_BYTES));
        else openJobs -= 1;
      },
      openJobs: () => openJobs,
    };
  }

  async function followAt(base: string, onChunk: OnChunk): Promise<Following> {
    const viewer = new WebSocket(socketUrl(new URL(path, base), "viewer"), { perMessageDeflate: false });
    await once(viewer, "open");
    const taker = createTaker(onChunk);
    const complete = new Promise<void>((resolve, reject) => {
      viewer.on("message", (message: Buffer) => {
        taker.take(message);
        if (taker.openJobs() === 0) resolve();
      });
      viewer.once("close", () => reject(new Error("the floor closed the viewer's socket")));
      viewer.once("error", reject);
    });
    complete.catch(() => undefined);
    // As the sender does: a closing handshake would take 10 s.
    return { complete, close: () => viewer.terminate() };
  }

  async function read(reader: RowReader): Promise<void> {
    const response = await fetch(new URL(`?after=${reader.lastId()}`, object), { headers: ONE_REQUEST });
    if (response.body === null) throw new Error("the floor reads nothing back");
    for await (const piece of response.body) reader.take(piece);
  }

  return {
    follow: (onChunk) => followAt(url, onChunk),
    followAt,
    async ask() {
      sender.writeLine(JSON.stringify({ url: socketUrl(object, "sender"), jobs }));
      sent = sender.readLine();
      sent.catch(() => undefined);
    },
    async poll(onChunk) {
      if (polled === null) {
        const taker = createTaker(onChunk);
        polled = { reader: createRowReader((message) => taker.take(message)), openJobs: () => taker.openJobs() };
      }
      await read(polled.reader);
      return polled.openJobs() === 0;
    },
    async replay(onChunk) {
      const taker = createTaker(onChunk);
      return { complete: read(createRowReader((message) => taker.take(message))), close: () => undefined };
    },
    async close() {
      await sent;
      await fetch(object, { method: "DELETE", headers: ONE_REQUEST });
    },
  };
}

function socketUrl(object: URL, role: string): string {
  return `${object.href.replace(/^http/, "ws")}?role=${role}`;
}

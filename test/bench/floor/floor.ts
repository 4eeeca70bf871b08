/**
 * The floor as a subject: a bare object behind Miniflare, its sender, and this process as the viewer. What any program on
 * this platform is measured against. Fixed: changes only in a commit of its own.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { WebSocket } from "ws";

import { type Program, startProgram } from "../program.ts";
import type { Subject } from "../subject.ts";

const PREFIX_BYTES = 4;

/** The platform's floor. */
export function createFloor(): Subject {
  let host: Program | null = null;
  let sender: Program | null = null;
  let folder: string | null = null;
  let url = "";
  let runs = 0;

  return {
    name: "floor",
    async start() {
      folder = await mkdtemp(join(tmpdir(), "longwire-bench-floor-"));
      host = startProgram([process.execPath, pathOf("host.ts"), folder]);
      sender = startProgram([process.execPath, pathOf("sender.ts")]);
      url = await host.readLine();
    },
    async run(jobs, onChunk) {
      if (sender === null) throw new Error("the floor is not started");
      // An object of its own for every run, deleted after it, so that all runs begin alike.
      runs += 1;
      const object = new URL(`/run-${runs}`, url);
      const viewer = new WebSocket(socketUrl(object, "viewer"), { perMessageDeflate: false });
      await once(viewer, "open");
      let openJobs = jobs.length;
      const complete = new Promise<void>((resolve, reject) => {
        viewer.on("message", (message: Buffer) => {
          const job = message.readUInt32BE(0);
          if (message.length > PREFIX_BYTES) onChunk(job, message.subarray(PREFIX_BYTES));
          else openJobs -= 1;
          if (openJobs === 0) resolve();
        });
        viewer.once("close", () => reject(new Error("the floor closed the viewer's socket")));
      });
      sender.writeLine(JSON.stringify({ url: socketUrl(object, "sender"), jobs }));
      await Promise.all([complete, sender.readLine()]);
      // As the sender does: a closing handshake would take 10 s.
      viewer.terminate();
      await fetch(object, { method: "DELETE" });
    },
    async stop() {
      await Promise.all([sender?.end(), host?.end()]);
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function socketUrl(object: URL, role: string): string {
  return `${object.href.replace(/^http/, "ws")}?role=${role}`;
}

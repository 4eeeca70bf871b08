/**
 * The floor as a subject: a bare object behind Miniflare, its sender, and this process as the viewer; of runs at the same
 * time each has an object and a sender of its own. What any program on this platform is measured against. Fixed: changes
 * only in a commit of its own.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { WebSocket } from "ws";

import { countRows } from "../count-rows.ts";
import { type Program, startProgram } from "../program.ts";
import type { StoringSubject } from "../subject.ts";
import { beginFloorRun } from "./floor-run.ts";

/** The platform's floor. */
export function createFloor(): StoringSubject {
  let host: Program | null = null;
  let senders: Program[] = [];
  /** Those no run uses. */
  let idle: Program[] = [];
  let folder: string | null = null;
  let url = "";
  let objects = 0;

  function startSender(): Program {
    const sender = startProgram([process.execPath, pathOf("sender.ts")]);
    senders.push(sender);
    return sender;
  }

  return {
    name: "floor",
    async start() {
      folder = await mkdtemp(join(tmpdir(), "longwire-bench-floor-"));
      host = startProgram([process.execPath, pathOf("host.ts"), folder]);
      idle = [startSender()];
      url = await host.readLine();
    },
    async begin(jobs) {
      if (host === null) throw new Error("the floor is not started");
      const sender = idle.pop() ?? startSender();
      // An object of its own for every run, deleted after it, so that all runs begin alike.
      objects += 1;
      const run = beginFloorRun(url, `/run-${objects}`, jobs, sender);
      const close = async (): Promise<void> => {
        await run.close();
        idle.push(sender);
      };
      return { ...run, close };
    },
    pids: () => [host, ...senders].flatMap((program) => (program === null ? [] : [program.pid])),
    url: () => url,
    countRows: () => countRows(folder ?? "", /^log$/),
    async connectMachine() {
      objects += 1;
      const beganAt = performance.now();
      const address = new URL(`/idle-${objects}?role=sender`, url).href.replace(/^http/, "ws");
      const socket = new WebSocket(address, { perMessageDeflate: false });
      await once(socket, "open");
      // What a machine's `hello` is answered with: the object was woken, has written and says so.
      socket.send("hello");
      await once(socket, "message");
      const welcomeMs = performance.now() - beganAt;
      return {
        welcomeMs,
        isConnected: () => socket.readyState === WebSocket.OPEN,
        close: () => socket.terminate(),
      };
    },
    async stop() {
      await Promise.all([host, ...senders].map(async (program) => await program?.end()));
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      senders = [];
      host = null;
    },
  };
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

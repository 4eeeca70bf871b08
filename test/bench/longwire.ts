/**
 * Longwire itself as a subject: the embedded control plane and runner in one program, jobs started over HTTP, output read
 * from the events socket, all through the public surface.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { WebSocket } from "ws";

import { followJobs } from "./longwire-events.ts";
import { type Program, startProgram } from "./program.ts";
import type { Subject } from "./subject.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const STOP_GRACE_MS = 30_000;

/** What the ready line says, as far as it is used here. */
interface Ready {
  readonly url: string;
  readonly machine_id: string;
  readonly token: string;
}

/** Longwire as `pnpm start` runs it, with data of its own and every command allowed. */
export function createLongwire(): Subject {
  let folder: string | null = null;
  let program: Program | null = null;
  let ready: Ready | null = null;
  let runs = 0;

  return {
    name: "longwire",
    async start() {
      folder = await mkdtemp(join(tmpdir(), "longwire-bench-data-"));
      const start = join(ROOT, "scripts", "start.ts");
      const options = ["--json", "--port", "0", "--data", folder, "--allow-all", "--allow-root"];
      // A viewer behind a flood reads the log, which must hold what the flood wrote until it was read.
      const env = { LONGWIRE_RETENTION_BYTES: String(4 * 1024 ** 3) };
      program = startProgram([process.execPath, start, ...options], ROOT, env);
      ready = JSON.parse(await program.readLine());
    },
    async run(jobs, onChunk) {
      if (ready === null) throw new Error("longwire is not started");
      const { url, machine_id, token } = ready;
      const machine = new URL(`/v1/machines/${machine_id}/`, url);
      const headers = { authorization: `Bearer ${token}` };
      runs += 1;
      // Names are known before the answers to the starts are, so no event comes too early to be understood.
      const names = jobs.map((_, job) => `bench-${runs}-${job}`);
      const socketUrl = new URL("ws", machine).href.replace(/^http/, "ws");
      const socket = new WebSocket(socketUrl, "longwire.events.v1", { headers, perMessageDeflate: false });
      await once(socket, "open");
      try {
        const complete = followJobs(socket, names, onChunk);
        const starts = jobs.map((argv, job) => startProcess(machine, headers, { argv, name: names[job] }));
        await Promise.all([complete, ...starts]);
      } finally {
        socket.terminate();
      }
    },
    async stop() {
      await program?.end(STOP_GRACE_MS);
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      ready = null;
    },
  };
}

async function startProcess(machine: URL, headers: Record<string, string>, body: object): Promise<void> {
  const answer = await fetch(new URL("processes", machine), {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`a start was answered ${answer.status}: ${text}`);
}

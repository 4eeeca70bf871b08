/**
 * The floor's end at the machine: spawns the jobs, sends each chunk Node reads as one binary message
 * `u32 job | bytes`, with 64 unacknowledged over all jobs; no bytes mean that the job's output ended.
 * A run is one line of input, `{url, jobs}`; `done` answers when all is acknowledged. Fixed: changes only in a commit of its own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { WebSocket } from "ws";

const WINDOW = 64;

for await (const line of createInterface({ input: process.stdin })) {
  const { url, jobs }: { url: string; jobs: [string, ...string[]][] } = JSON.parse(line);
  await send(url, jobs);
  process.stdout.write("done\n");
}
// Children of a run that was broken off must not outlive this process's input.
process.exit();

async function send(url: string, jobs: readonly [string, ...string[]][]): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  let inFlight = 0;
  let openJobs = jobs.length;
  // Messages the window has no room for: at most one a job, whose pipe rests meanwhile.
  const held: { message: Buffer; pipe: Readable }[] = [];

  function sendNow(message: Buffer): void {
    inFlight += 1;
    socket.send(message);
  }

  function sendOrHold(message: Buffer, pipe: Readable): void {
    if (inFlight < WINDOW) sendNow(message);
    else held.push({ message, pipe: pipe.pause() });
  }

  socket.on("message", () => {
    inFlight -= 1;
    const next = held.shift();
    if (next !== undefined) {
      sendNow(next.message);
      next.pipe.resume();
    } else if (inFlight === 0 && openJobs === 0) {
      // The platform takes 10 s to end a connection after a close frame.
      socket.terminate();
    }
  });

  for (const [job, [file, ...args]] of jobs.entries()) {
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(job);
    const pipe = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] }).stdout;
    pipe.on("data", (chunk: Buffer) => sendOrHold(Buffer.concat([prefix, chunk]), pipe));
    pipe.on("end", () => {
      openJobs -= 1;
      sendOrHold(prefix, pipe);
    });
  }
  await once(socket, "close");
}

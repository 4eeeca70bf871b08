/**
 * Reads the events socket as a viewer does: hands on the output of the named processes, acknowledges as it goes, and is
 * complete when all of them exited.
 */
import type { WebSocket } from "ws";

import type { OnChunk } from "./subject.ts";

/** Fields of an event that matter here. */
interface Event {
  readonly type: string;
  readonly seq?: number;
  readonly name?: string;
  readonly data?: string;
  readonly data_base64?: string;
  readonly reason?: string;
}

const ACK_BYTES = 256 * 1024;

/** Resolves after the exits of all names; the index of a name is its job. Rejects when output is missing or the socket closes. */
export function followJobs(socket: WebSocket, names: readonly string[], onChunk: OnChunk): Promise<void> {
  const jobs = new Map(names.map((name, job) => [name, job]));
  let running = names.length;
  let unackedBytes = 0;
  return new Promise((resolve, reject) => {
    socket.on("message", (message: Buffer) => {
      const event: Event = JSON.parse(message.toString());
      unackedBytes += message.length;
      if (unackedBytes >= ACK_BYTES && event.seq !== undefined) {
        socket.send(JSON.stringify({ ack: event.seq }));
        unackedBytes = 0;
      }
      if (event.type === "expired") return reject(new Error("the log let go of output before it was read"));
      const job = jobs.get(event.name ?? "");
      if (job === undefined) return;
      if (event.type === "output") {
        onChunk(
          job,
          event.data === undefined ? Buffer.from(event.data_base64 ?? "", "base64") : Buffer.from(event.data),
        );
      } else if (event.type === "gap") {
        reject(new Error(`output of ${event.name} is missing: ${event.reason}`));
      } else if (event.type === "exited") {
        running -= 1;
        if (running === 0) resolve();
      }
    });
    socket.once("error", reject);
    socket.once("close", (code, reason) => reject(new Error(`the events socket closed: ${code} ${reason.toString()}`)));
  });
}

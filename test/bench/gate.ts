/**
 * Holds children back until all of them are there, so that a flood begins everywhere at once and no subject's set-up is in
 * its clock. A child connects to the port and begins when it gets a byte.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** An open gate's keeper. */
export interface Gate {
  readonly port: number;
  /** Sends the waiting children away. Twice is fine. */
  close(): void;
}

/** Listens on loopback and lets the children go as soon as `children` of them wait. */
export async function startGate(children: number): Promise<Gate> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    // A child that dies while it waits is the subject's failure, not the gate's.
    socket.on("error", () => socket.destroy());
    waiting.add(socket);
    if (waiting.size === children) for (const child of waiting) child.end("!");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gate has no port");
  return {
    port: address.port,
    close() {
      for (const child of waiting) child.destroy();
      server.close();
    },
  };
}

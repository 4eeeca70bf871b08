/**
 * Holds children back until they are let go, so that they begin at once and no subject's set-up is in the clock. A child
 * connects to the port and begins when it gets a byte.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A gate's keeper. */
export interface Gate {
  readonly port: number;
  /** Resolves when as many children wait as are expected. */
  readonly full: Promise<void>;
  /** Lets the waiting children go. */
  open(): void;
  /** Sends the waiting children away. Twice is fine. */
  close(): void;
}

/** Listens on loopback for this many children. */
export async function startGate(children: number): Promise<Gate> {
  const waiting = new Set<Socket>();
  const full = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    // A child that dies while it waits is the subject's failure, not the gate's.
    socket.on("error", () => socket.destroy());
    waiting.add(socket);
    if (waiting.size === children) full.resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gate has no port");
  return {
    port: address.port,
    full: full.promise,
    open() {
      for (const child of waiting) child.end("!");
    },
    close() {
      for (const child of waiting) child.destroy();
      server.close();
    },
  };
}

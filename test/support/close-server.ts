// Ends a server of a test with all that is connected to it.

import { once } from "node:events";
import type { Server } from "node:http";

export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

// The runner's end of the socket by which its owner decides on the machine itself. Who may open it is who may enter the
// data folder and has the socket's own rights: the owner, and nobody else.

import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { ApprovalDesk } from "./approval-desk.ts";
import { type LocalAnswer, localRequestSchema, maxLocalRequestBytes } from "./local-messages.ts";
import { showWhatRuns } from "./show-what-runs.ts";

const maxConnections = 16;
const patienceMs = 10_000;

export class LocalSocket {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  private constructor(server: Server, approvals: ApprovalDesk) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#connections.add(socket);
      socket.on("close", () => this.#connections.delete(socket));
      serve(socket, approvals);
    });
  }

  /** Returns when it is asked at `path`. Throws where the system has no socket there. */
  static async open(path: string, approvals: ApprovalDesk): Promise<LocalSocket> {
    // Whoever held it is gone: this runner has the data folder's lock.
    rmSync(path, { force: true });
    const server = createServer();
    server.maxConnections = maxConnections;
    const listening = Promise.withResolvers<void>();
    server.once("error", listening.reject);
    server.listen(path, listening.resolve);
    await listening.promise;
    chmodSync(path, 0o600);
    return new LocalSocket(server, approvals);
  }

  /** Removes the socket. */
  close(): void {
    this.#server.close();
    for (const socket of this.#connections) socket.destroy();
  }
}

function serve(socket: Socket, approvals: ApprovalDesk): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece) => {
    text += String(piece);
    const end = text.indexOf("\n");
    if (end === -1 && text.length <= maxLocalRequestBytes) return;
    // One request a connection.
    socket.removeAllListeners("data");
    const line = end === -1 || end > maxLocalRequestBytes ? "" : text.slice(0, end);
    socket.end(`${JSON.stringify(answer(line, approvals))}\n`);
  });
}

function answer(line: string, approvals: ApprovalDesk): LocalAnswer {
  const parsed = localRequestSchema.safeParse(parseJson(line));
  if (!parsed.success) {
    const hint = "Use the `runner` of the version that runs here.";
    return { type: "refused", code: "invalid_request", detail: "This runner does not understand that.", hint };
  }
  const request = parsed.data;
  switch (request.type) {
    case "list": {
      const asked = new Map(approvals.asked().map((one) => [one.id, one]));
      const items = approvals.list().map((item) => {
        const one = asked.get(item.approval_id);
        return {
          ...item,
          shown: one === undefined ? [] : showWhatRuns(one.what),
          can_be_always: one?.canBeAlways ?? false,
        };
      });
      return { type: "approvals", items };
    }
    case "decide": {
      const decided = approvals.decide(request.approval, request.decision, "local");
      if (decided.type === "decided") return { type: "decided", process: decided.of.process };
      const { code, detail, hint } = decided.refusal;
      return { type: "refused", code, detail, ...(hint === undefined ? {} : { hint }) };
    }
    default:
      return unreachable(request);
  }
}

// A control plane in the wrong hands: it enrols the runner, holds its token's secret, speaks the link as the real one does,
// and says whatever it likes besides. What the runner reports is kept, so that an attack can see what became of it.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import WebSocket, { WebSocketServer } from "ws";
import { splitFrame } from "@longwire/shared/frame.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { batchHeaderSchema } from "@longwire/shared/wire/batch.ts";
import type { CommandFact, Fact } from "@longwire/shared/wire/facts.ts";
import { pingText, pongText } from "@longwire/shared/ping.ts";
import { linkSubprotocol } from "@longwire/shared/wire/link.ts";
import { closeServer } from "../../support/close-server.ts";

export const machineId = `m_${"A".repeat(43)}`;
export const machineToken = `lw_${"a".repeat(43)}_${randomBytes(24).toString("hex")}x`;
export const adminToken = `lw_${"a".repeat(43)}_${randomBytes(24).toString("hex")}y`;

/** What it does with the next request for a link. */
export type Answer = (request: IncomingMessage, socket: Duplex) => void;

export class HostileControlPlane {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => linkSubprotocol });
  #runner: WebSocket | null = null;
  #socket: Duplex | null = null;
  #next: Record<string, number> = {};
  /** By command id. Only what an honest reading of the frames shows. */
  readonly outcomes = new Map<string, CommandFact>();
  /** The runs that began, by the command that asked for them. */
  readonly runs = new Map<string, Set<string>>();
  /** Processes that do not end by themselves. */
  readonly staying = new Set<string>();
  /** Ids of approvals that were asked for, the newest last. */
  readonly approvals: string[] = [];
  /** Messages of the runner that are not as the protocol says. */
  readonly oddities: string[] = [];
  /** How the next dials are answered, before any is let in. */
  readonly answers: Answer[] = [];
  /** Said before the welcome of each new connection, and what the welcome says beside the usual. */
  beforeWelcome: readonly string[] = [];
  welcome: object = {};
  connections = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => undefined);
      const special = this.answers.shift();
      if (special !== undefined) return special(request, socket);
      this.#sockets.handleUpgrade(request, socket, head, (runner) => {
        this.#socket = socket;
        this.#join(runner);
      });
    });
  }

  static async open(): Promise<HostileControlPlane> {
    const plane = new HostileControlPlane();
    plane.#server.listen(0, "127.0.0.1");
    await once(plane.#server, "listening");
    return plane;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get isConnected(): boolean {
    return this.#runner?.readyState === WebSocket.OPEN;
  }

  /** Says something as it is, on whatever connection there is. */
  say(frame: string | Buffer): void {
    if (this.isConnected) this.#runner?.send(frame, () => undefined);
  }

  /** Bytes beside the WebSocket's own framing. */
  sayBytes(bytes: Buffer): void {
    this.#socket?.write(bytes);
  }

  hangUp(): void {
    this.#runner?.terminate();
    this.#runner = null;
  }

  async untilConnected(): Promise<void> {
    await waitUntil("the runner is connected", () => this.isConnected, 60_000);
  }

  /** A command as the real control plane sends it. */
  command(operation: unknown, more: object = {}): { readonly id: string; readonly text: string } {
    const id = randomBytes(16).toString("hex");
    const expires = Date.now() + 30_000;
    const command = { id, machine_id: machineId, expires_at: expires, operation, ...more };
    return { id, text: JSON.stringify({ type: "command", command }) };
  }

  #join(runner: WebSocket): void {
    this.#runner?.terminate();
    this.#runner = runner;
    runner.on("error", () => undefined);
    runner.on("message", (data, isBinary) => {
      if (isBinary) this.#onBatch(runner, data as Buffer);
      else this.#onText(runner, (data as Buffer).toString());
    });
  }

  #onText(runner: WebSocket, text: string): void {
    if (text === pingText) return runner.send(pongText);
    const frame = JSON.parse(text) as { type: string; spools?: { id: string; first: number; next: number }[] };
    if (frame.type !== "hello") return;
    this.connections++;
    for (const { id, first } of frame.spools ?? []) this.#next[id] = Math.max(this.#next[id] ?? 1, first);
    for (const said of this.beforeWelcome) runner.send(said);
    const usual = { connection: "c", head: 0, now: Date.now(), window_bytes: 1 << 20, attended: true, commands: [] };
    runner.send(JSON.stringify({ type: "welcome", ...usual, positions: this.#next, ...this.welcome }));
  }

  #onBatch(runner: WebSocket, frame: Buffer): void {
    const parts = splitFrame(frame);
    const header = batchHeaderSchema.safeParse(JSON.parse(Buffer.from(parts?.header ?? []).toString() || "null"));
    if (!header.success) return void this.oddities.push("a batch whose header is none");
    const { batch, parts: told, facts } = header.data;
    const positions: Record<string, number> = {};
    for (const { spool, from_record: from, count } of told) {
      positions[spool] = Math.max(this.#next[spool] ?? 1, from + count);
      this.#next[spool] = positions[spool];
    }
    for (const fact of facts) this.#note(fact);
    runner.send(JSON.stringify({ type: "ack", batch, positions, head: 0 }));
  }

  #note(fact: Fact): void {
    if (fact.type === "command") this.outcomes.set(fact.command_id, fact);
    if (fact.type === "approval") this.approvals.push(fact.approval_id);
    if (fact.type === "exited") this.staying.delete(fact.process);
    if (fact.type !== "starting") return;
    if (fact.label.use === "stay") this.staying.add(fact.process);
    const runs = this.runs.get(fact.command_id) ?? new Set();
    this.runs.set(fact.command_id, runs.add(`${fact.process}.${fact.run}`));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for await (const _ of request);
    if (request.url === "/v1/enroll") {
      response.writeHead(201, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ machine_id: machineId, machine_token: machineToken, admin_token: adminToken }));
      return;
    }
    response.writeHead(404).end();
  }

  async close(): Promise<void> {
    this.hangUp();
    await closeServer(this.#server);
  }
}

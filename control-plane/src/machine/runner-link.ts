// The runner's socket: newest connection wins, a batch is stored once, in the turn it came, and acknowledged.
// The platform's output gate holds what is sent here until what was written before it is durable.

import * as z from "zod";
import { closeCodes } from "@longwire/shared/errors.ts";
import { linkWindowBytes, maxFrameBytes, pingEveryMs, pongWithinMs } from "@longwire/shared/limits.ts";
import { nextRecords } from "@longwire/shared/positions.ts";
import { splitFrame } from "@longwire/shared/frame.ts";
import { findBatchFault } from "@longwire/shared/wire/batch.ts";
import { readBatchHeader } from "@longwire/shared/wire/read-batch.ts";
import {
  linkProtocol,
  runnerFrameSchema,
  type Hello,
  type ObjectFrame,
  type PolicyFrame,
} from "@longwire/shared/wire/link.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import type { CommandFact, Fact } from "@longwire/shared/wire/facts.ts";
import type { OutputWatch } from "@longwire/shared/wire/watches.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { tagsOf, type Holder } from "../sockets/holder.ts";
import type { Commands } from "./commands.ts";
import { commandFacts, type Log, type StoredFacts } from "./log.ts";
import { findUnnamed } from "./losses.ts";
import type { MachineAudit } from "./machine-audit.ts";
import { PacedAnswers } from "./paced-answers.ts";
import type { Asked, RunnerReply } from "./questions.ts";

export const runnerTag = "runner";

const attachmentSchema = z.object({
  connection: z.string(),
  connected_at: z.number().int(),
  /** Its `hello` was taken: batches are welcome. */
  welcomed: z.boolean(),
  /** It took over from a connection that was open. */
  replaces: z.boolean().default(false),
  /** A newer one took over. */
  replaced: z.boolean().default(false),
});
type Connection = z.infer<typeof attachmentSchema>;

export interface LinkParts {
  readonly context: DurableObjectState;
  readonly machineId: () => string;
  readonly log: () => Log;
  readonly commands: Commands;
  readonly audit: MachineAudit;
  readonly isWatched: () => boolean;
  readonly areMetricsWatched: () => boolean;
  /** `replaces`: its connection took over from one that was open. */
  readonly onHello: (hello: Hello, replaces: boolean) => void;
  readonly onPolicy: (policy: PolicyFrame) => void;
  /** In the transaction that stores a batch, with the seq of its first fact. */
  readonly onFacts: (facts: readonly Fact[], firstSeq: number, now: number) => void;
  readonly onStored: () => void;
  /** What the runner is to look for in its output. */
  readonly watches: () => OutputWatch[];
  /** The runner answered what it was asked and nobody stores. */
  readonly onAnswer: (answer: RunnerReply) => void;
}

const headerText = new TextDecoder();

export class RunnerLink {
  readonly #parts: LinkParts;
  readonly #answers = new PacedAnswers();

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  /** The socket commands go to; null while no runner is connected and welcomed. */
  current(now: number): WebSocket | null {
    for (const socket of this.#parts.context.getWebSockets(runnerTag)) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      const connection = read(socket);
      if (connection.welcomed && this.#heard(socket, connection) + 2 * (pingEveryMs + pongWithinMs) > now)
        return socket;
    }
    return null;
  }

  /** When the runtime last answered this runner's ping, or when it connected. */
  #heard(socket: WebSocket, connection: Connection): number {
    const answered = this.#parts.context.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
    return Math.max(answered, connection.connected_at);
  }

  /** Takes a runner's socket and closes every older one. `holder`: in whose name it is open. */
  add(socket: WebSocket, holder: Holder, now: number): null {
    const isOpen = (one: WebSocket): boolean => one.readyState === WebSocket.OPEN;
    const older = this.#parts.context.getWebSockets(runnerTag).filter(isOpen);
    for (const one of older) {
      keep(one, { ...read(one), replaced: true });
      one.close(closeCodes.replaced, "a newer connection took over");
    }
    this.#parts.context.acceptWebSocket(socket, [runnerTag, ...tagsOf(holder)]);
    const replaces = older.some((one) => read(one).welcomed);
    const connection = crypto.randomUUID();
    keep(socket, { connection, connected_at: now, welcomed: false, replaces, replaced: false });
    return null;
  }

  /** After a runner's socket closed: whether a runner went that said hello, and no newer one took its place. */
  hasLeft(socket: WebSocket, now: number): boolean {
    const { welcomed, replaced } = read(socket);
    return welcomed && !replaced && this.current(now) === null;
  }

  /** Says whether anybody watches, by which the runner decides how soon it sends. */
  tellAttention(attended: boolean, now: number): void {
    const socket = this.current(now);
    if (socket !== null) send(socket, { type: "attention", attended });
  }

  /** Says whether anybody wants to know how the machine does. */
  tellMetricsWatched(watched: boolean, now: number): void {
    const socket = this.current(now);
    if (socket !== null) send(socket, { type: "watch_metrics", watched });
  }

  /** Says what to look for from now on. */
  tellWatches(now: number): void {
    const socket = this.current(now);
    if (socket !== null) send(socket, { type: "watch_output", watches: this.#parts.watches() });
  }

  send(socket: WebSocket, command: Command): void {
    send(socket, { type: "command", command: this.#address(command), audit: this.#parts.audit.head });
  }

  ask(socket: WebSocket, question: Asked): void {
    send(socket, question);
  }

  #address(command: Command): Command {
    return { ...command, machine_id: this.#parts.machineId() };
  }

  onText(socket: WebSocket, text: string, now: number): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    const frame = runnerFrameSchema.safeParse(parseJson(text));
    if (!frame.success) return socket.close(closeCodes.invalid, "unknown frame");
    switch (frame.data.type) {
      case "hello":
        return this.#greet(socket, frame.data, now);
      case "forget":
        return this.#parts.log().forget(frame.data.spools);
      case "policy":
        return read(socket).welcomed
          ? this.#parts.onPolicy(frame.data)
          : socket.close(closeCodes.invalid, "say hello first");
      case "samples":
      case "port":
      case "approvals":
      case "directed":
        return this.#parts.onAnswer(frame.data);
      default:
        return unreachable(frame.data);
    }
  }

  #greet(socket: WebSocket, hello: Hello, now: number): void {
    if (hello.protocol !== linkProtocol) {
      return socket.close(closeCodes.upgrade, `this control plane speaks protocol ${linkProtocol}`);
    }
    const connection = { ...read(socket), welcomed: true };
    keep(socket, connection);
    this.#parts.onHello(hello, connection.replaces);
    const log = this.#parts.log();
    const { isLoss, isRestored } = log.meet(hello, now);
    if (isRestored) this.#parts.audit.restored(now);
    const watches = this.#parts.watches();
    send(socket, {
      type: "welcome",
      connection: connection.connection,
      head: log.head,
      now,
      positions: nextRecords(
        log.positions,
        hello.spools.map((spool) => spool.id),
      ),
      window_bytes: linkWindowBytes,
      attended: this.#parts.isWatched(),
      metrics_watched: this.#parts.areMetricsWatched(),
      commands: this.#parts.commands.pending(now).map((command) => this.#address(command)),
      unnamed_runs: findUnnamed(log.runs.live, hello),
      audit: this.#parts.audit.head,
      ...(watches.length === 0 ? {} : { watches }),
    });
    if (isLoss) this.#parts.onStored();
  }

  /** What a stored batch says of commands and of the owner's decisions. */
  #note({ facts, firstSeq }: StoredFacts, now: number): void {
    this.#parts.onFacts(facts, firstSeq, now);
    for (const outcome of commandFacts(facts)) this.#settle(outcome, now);
    for (const fact of facts) if (fact.type === "approval") this.#parts.audit.approval(fact, now);
  }

  #settle(outcome: CommandFact, now: number): void {
    const note = this.#parts.commands.noteOf(outcome.command_id);
    this.#parts.commands.settle(outcome);
    if (note !== null) this.#parts.audit.answered(outcome, note, now);
  }

  #answer(socket: WebSocket, frame: Extract<ObjectFrame, { type: "ack" | "rewind" }>, now: number): void {
    this.#answers.give(() => {
      if (socket.readyState === WebSocket.OPEN) send(socket, frame);
    }, now);
  }

  /** One turn, nothing awaited: judge, write one row, serve, answer. */
  onBatch(socket: WebSocket, frame: ArrayBuffer, now: number): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!read(socket).welcomed) return socket.close(closeCodes.invalid, "say hello first");
    if (frame.byteLength > maxFrameBytes) return socket.close(closeCodes.tooLarge, "frame too large");
    const parts = splitFrame(new Uint8Array(frame));
    if (parts === null) return socket.close(closeCodes.invalid, "frame cut short");
    const text = headerText.decode(parts.header);
    const header = readBatchHeader(parseJson(text));
    if (header === null) return socket.close(closeCodes.invalid, "unknown batch header");
    const fault = findBatchFault(header, parts.payload.byteLength);
    if (fault !== null) return socket.close(closeCodes.invalid, fault);

    const log = this.#parts.log();
    const verdict = log.append(header, text, parts.payload, now, (stored) => this.#note(stored, now));
    const positions = nextRecords(
      log.positions,
      header.parts.map((part) => part.spool),
    );
    const { batch } = header;
    if (verdict.type === "rewind") return this.#answer(socket, { type: "rewind", batch, positions }, now);
    // Viewers first: the runner can wait for its acknowledgement, they wait for the line.
    if (verdict.type === "store") this.#parts.onStored();
    this.#answer(socket, { type: "ack", batch, positions, head: log.head }, now);
  }
}

/** What stands in the attachments: a batch need not have it read and checked anew. */
const connections = new WeakMap<WebSocket, Connection>();

function read(socket: WebSocket): Connection {
  const known = connections.get(socket);
  if (known !== undefined) return known;
  const connection = attachmentSchema.parse(socket.deserializeAttachment());
  connections.set(socket, connection);
  return connection;
}

function keep(socket: WebSocket, connection: Connection): void {
  socket.serializeAttachment(connection);
  connections.set(socket, connection);
}

function send(socket: WebSocket, frame: ObjectFrame): void {
  socket.send(JSON.stringify(frame));
}

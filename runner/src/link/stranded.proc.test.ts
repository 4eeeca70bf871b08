import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { splitFrame } from "@longwire/shared/frame.ts";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { BatchHeader } from "@longwire/shared/wire/batch.ts";
import { runnerFrameSchema, type Hello } from "@longwire/shared/wire/link.ts";
import { TestMachine } from "../fixtures/machine.ts";
import { LastSeq } from "./last-seq.ts";
import { Link } from "./link.ts";

/** A control plane that takes all it is sent, until it stands where it did at first. */
class ForgetfulServer {
  readonly hellos: Hello[] = [];
  readonly #server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  readonly #positions: Record<string, number> = {};
  forgets = false;

  constructor() {
    this.#server.on("connection", (socket) => {
      socket.on("message", (data: Buffer, isBinary) => {
        const answer = isBinary ? this.#take(data) : this.#greet(String(data));
        if (answer !== null) socket.send(JSON.stringify(answer));
      });
    });
  }

  async url(): Promise<string> {
    if (this.#server.address() === null) await once(this.#server, "listening");
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  positionOf(spool: SpoolId): number | undefined {
    return this.#positions[spool];
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #greet(text: string): object | null {
    if (text === "ping") return null;
    const frame = runnerFrameSchema.parse(JSON.parse(text));
    if (frame.type !== "hello") return null;
    this.hellos.push(frame);
    for (const { id, first } of frame.spools) this.#positions[id] = Math.max(this.#positions[id] ?? 1, first);
    const of = { connection: "c", head: 1, now: Date.now(), window_bytes: 1 << 20, attended: true, commands: [] };
    return { type: "welcome", ...of, positions: this.#positions };
  }

  #take(frame: Buffer): object {
    const { batch, parts } = JSON.parse(String(splitFrame(frame)?.header)) as BatchHeader;
    if (this.forgets) {
      this.forgets = false;
      for (const { spool } of parts) this.#positions[spool] = 1;
      return { type: "rewind", batch, positions: Object.fromEntries(parts.map(({ spool }) => [spool, 1])) };
    }
    for (const { spool, from_record, count } of parts) this.#positions[spool] = from_record + count;
    return { type: "ack", batch, positions: this.#positions, head: 1 };
  }
}

test("[D17] a spool that is wanted from before what is left of it is named once more, and goes on", async () => {
  const server = new ForgetfulServer();
  onTestFinished(() => server.close());
  const machine = await TestMachine.open({ segmentBytes: 4096 });
  onTestFinished(() => machine.end());
  const { supervisor } = machine;
  if (supervisor === null) throw new Error("no runner");
  const link = new Link({
    url: await server.url(),
    token: "token",
    machineId: "m1",
    introduction: {
      runner_version: "1",
      os: "linux",
      arch: "x64",
      policy_mode: "open",
      commands: [],
      capabilities: { tty: true, subreaper: false },
    },
    machine: supervisor,
    lastSeq: new LastSeq(join(machine.folder, "last-seq.json"), "m1"),
    onUp: () => {},
    onDown: () => {},
    log: () => {},
  });
  onTestFinished(() => link.close());
  const command = "for i in $(seq 100); do head -c 300 /dev/zero; sleep 0.01; done; read go; echo more; read end";
  machine.dispatch({ op: "start", request: { command } });
  const spoolOf = (): { id: SpoolId; first: number } | undefined => {
    const found = [...supervisor.spools()].find(({ kind, reader }) => kind === "run" && reader.first > 1);
    return found === undefined ? undefined : { id: found.id, first: found.reader.first };
  };
  const { id, first } = await waitUntil("the run's first files are gone", spoolOf);
  server.forgets = true;
  const [run] = supervisor.liveRuns();
  if (run === undefined) throw new Error("no run");
  machine.dispatch({ op: "input", process: run.process, input: { text: "go", enter: true, close: false } });
  const again = await waitUntil("another hello", () => server.hellos[1]);
  expect(again.spools.find((spool) => spool.id === id)?.first).toBeGreaterThanOrEqual(first);
  await waitUntil("all is delivered", () => server.hellos.length === 2 && isDelivered(server, supervisor.spools(), id));
});

function isDelivered(
  server: ForgetfulServer,
  spools: Iterable<{ readonly id: SpoolId; readonly reader: { readonly next: number } }>,
  id: SpoolId,
): boolean {
  const spool = [...spools].find((one) => one.id === id);
  return spool !== undefined && server.positionOf(id) === spool.reader.next;
}

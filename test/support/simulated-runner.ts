// A machine without a machine: speaks the runner's end of the link from memory, for tests and measurements that need
// hundreds. It has one run that prints what it is told to, keeps what is not acknowledged, and dials again.

import { randomBytes, randomUUID } from "node:crypto";
import WebSocket from "ws";
import { backoffMs } from "@longwire/shared/backoff.ts";
import { joinFrame } from "@longwire/shared/frame.ts";
import type { CommandId, ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import { maxTextFrameBytes } from "@longwire/shared/limits.ts";
import type { Fact, RunLabel } from "@longwire/shared/wire/facts.ts";
import { pongText } from "@longwire/shared/ping.ts";
import {
  linkProtocol,
  linkSubprotocol,
  objectFrameSchema,
  type Hello,
  type ObjectFrame,
} from "@longwire/shared/wire/link.ts";

export interface SimulatedMachine {
  readonly machine_id: string;
  readonly machine_token: string;
  readonly admin_token: string;
}

/** Enrols a machine, which gets a workspace of its own. */
export async function enrollMachine(url: string, enrollKey: string, name: string): Promise<SimulatedMachine> {
  const body = { name, os: "linux", arch: "x64", runner_version: "0.0.0", enroll_key: enrollKey };
  const response = await fetch(`${url}/v1/enroll`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`enrolling: ${response.status} ${await response.text()}`);
  return (await response.json()) as SimulatedMachine;
}

export interface SimulatedRunnerOptions {
  readonly url: string;
  readonly token: string;
  /** In [0, 1), for the delays between tries. */
  readonly random?: () => number;
  readonly onFrame?: (frame: ObjectFrame) => void;
  /** What its run is said to be, and what it says of itself, where that is not as usual. */
  readonly label?: Partial<RunLabel>;
  readonly hello?: Partial<Hello>;
}

const run = { process: "p1" as ProcessId, run: 1, at: 0 };
const recordsAtOnce = 256;

interface SimulatedRecord {
  readonly fact: Fact;
  readonly payload: Buffer;
}

export class SimulatedRunner {
  readonly #options: SimulatedRunnerOptions;
  readonly #spool = randomBytes(16).toString("hex") as SpoolId;
  readonly #boot = randomUUID();
  readonly #records: SimulatedRecord[] = [];
  #socket: WebSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isWelcome = false;
  #failures = 0;
  #printed = 0;
  #lastSeq = 0;
  /** The next record the control plane wants. A record's check is its number. */
  #acknowledged = 1;
  #sent = 1;
  #batch = 0;
  #isClosed = false;
  /** When it was last welcomed, in milliseconds of the monotonic clock; 0 before. */
  welcomedAt = 0;
  /** How long it waited before each try after a failure. */
  readonly delaysMs: number[] = [];
  /** The close code of each connection that ended, 1006 where there was none. */
  readonly closeCodes: number[] = [];

  constructor(options: SimulatedRunnerOptions) {
    this.#options = options;
    const label = { command: "simulated", cwd: "/", tags: [], tty: false, ...options.label };
    const command = randomBytes(16).toString("hex") as CommandId;
    this.#append({ type: "starting", ...run, label, command_id: command });
    this.#append({ type: "started", ...run, pid: 1 });
    this.#dial();
  }

  get isConnected(): boolean {
    return this.#isWelcome;
  }

  /** Whether all it has is acknowledged. */
  get isDone(): boolean {
    return this.#acknowledged > this.#records.length;
  }

  /** Records acknowledged so far. */
  get acknowledged(): number {
    return this.#acknowledged - 1;
  }

  print(text: string): void {
    const payload = Buffer.from(text);
    const size = payload.byteLength;
    this.#append({ type: "output", ...run, stream: "stdout", offset: this.#printed, size }, payload);
    this.#printed += size;
    this.#pump();
  }

  end(): void {
    this.#append({ type: "exited", ...run, returncode: 0, signal: null, reason: "exit" });
    this.#pump();
  }

  /** Records a fact of the caller's own. */
  say(fact: Fact): void {
    this.#append(fact);
    this.#pump();
  }

  /** Sends something of the caller's own, as it is. */
  sendRaw(data: string | Uint8Array): void {
    this.#socket?.send(data);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.terminate();
  }

  #append(fact: Fact, payload = Buffer.alloc(0)): void {
    this.#records.push({ fact, payload });
  }

  #dial(): void {
    const { url, token } = this.#options;
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/link`, linkSubprotocol, {
      headers: { Authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      maxPayload: maxTextFrameBytes,
    });
    this.#socket = socket;
    socket.on("open", () => this.#sayHello(socket));
    socket.on("message", (data) => {
      const text = (data as Buffer).toString();
      if (text !== pongText) this.#onFrame(objectFrameSchema.parse(JSON.parse(text)));
    });
    socket.on("error", () => undefined);
    socket.on("close", (code) => this.#onDown(code));
  }

  #onDown(code: number): void {
    this.closeCodes.push(code);
    if (this.#isWelcome) this.#failures = 0;
    this.#isWelcome = false;
    if (this.#isClosed || code === 4409) return;
    const waitMs = backoffMs(this.#failures++, (this.#options.random ?? Math.random)());
    this.delaysMs.push(waitMs);
    this.#timer = setTimeout(() => this.#dial(), waitMs);
  }

  #sayHello(socket: WebSocket): void {
    const { process, run: number } = run;
    const hello: Hello = {
      ...{ type: "hello", protocol: linkProtocol, boot: this.#boot, runner_version: "0.0.0", os: "linux", arch: "x64" },
      ...{ policy_mode: "open", commands: [], capabilities: { tty: false, subreaper: false }, last_seq: this.#lastSeq },
      spools: [{ id: this.#spool, first: 1, next: this.#records.length + 1, process, run: number }],
      runs: [{ process, run: number }],
      ...this.#options.hello,
    };
    socket.send(JSON.stringify(hello));
  }

  #onFrame(frame: ObjectFrame): void {
    if (frame.type === "welcome") {
      this.#isWelcome = true;
      this.welcomedAt = performance.now();
      this.#batch = 0;
    }
    if (frame.type === "welcome" || frame.type === "ack") this.#lastSeq = Math.max(this.#lastSeq, frame.head);
    if ("positions" in frame) this.#acknowledged = frame.positions[this.#spool] ?? this.#acknowledged;
    if (frame.type === "welcome" || frame.type === "rewind") this.#sent = this.#acknowledged;
    this.#options.onFrame?.(frame);
    this.#pump();
  }

  /** One batch on its way at a time. */
  #pump(): void {
    if (!this.#isWelcome || this.#sent > this.#acknowledged || this.isDone) return;
    const from = this.#acknowledged;
    const records = this.#records.slice(from - 1, from - 1 + recordsAtOnce);
    this.#sent = from + records.length;
    const part = { spool: this.#spool, from_record: from, count: records.length };
    const checks = { check_before: from - 1, check_last: this.#sent - 1 };
    const facts = records.map(({ fact }) => fact);
    const header = JSON.stringify({ batch: ++this.#batch, parts: [{ ...part, ...checks }], facts });
    const payload = records.map((record) => record.payload);
    this.#socket?.send(joinFrame(Buffer.from(header), payload));
  }
}

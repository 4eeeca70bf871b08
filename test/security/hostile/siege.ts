// A siege: the hostile control plane attacks a real runner for a while, and an independent judgement follows of all that
// ran, by three witnesses: the ledger the owner's programs sign, the process table, and what was executed where `strace` can tell.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { seeded } from "../../support/random.ts";
import { foreignIds, frameAttacks } from "./attacks/frames.ts";
import { linkAttacks } from "./attacks/links.ts";
import { pick } from "./attacks/pick.ts";
import { nextStart } from "./attacks/starts.ts";
import { HostileControlPlane, machineId } from "./hostile-control-plane.ts";
import { judgeSignature } from "./judge-signature.ts";
import { judgeSpawn } from "./judge-spawn.ts";
import { findListeners } from "./listeners.ts";
import { OwnersMachine, signer } from "./owners-machine.ts";
import { TargetRunner } from "./target-runner.ts";

export interface SiegeOptions {
  readonly mode: "named" | "ask" | "open";
  readonly seed: number;
  /** It ends after so many attacks, or this time, whatever comes first. */
  readonly attacks: number;
  readonly seconds: number;
  readonly traced: boolean;
}

export interface SiegeReport {
  /** What must not have been. Empty: the runner held. */
  readonly wrongs: readonly string[];
  /** How often each thing was attacked. */
  readonly tally: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number | string>>;
}

const maxRunnerMiB = 512;
/** Of its log: what is sent to a runner is not to fill its owner's disk. */
const maxLineLength = 4096;
/** Shims and children at one time that are waited for before more is asked. */
const maxLiving = 24;
const framesEvery = 6;
const linksEvery = 40;
const settleEvery = 20;

export async function lay(options: SiegeOptions): Promise<SiegeReport> {
  const machine = new OwnersMachine(options.mode);
  const plane = await HostileControlPlane.open();
  const { server: evil, asked } = await openEvil();
  const evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`;
  try {
    const target = await TargetRunner.start(machine, plane.url, options.traced);
    const left: string[] = [];
    let report: SiegeReport;
    try {
      const siege = new Siege(options, machine, plane, target, evilUrl);
      await siege.attack();
      report = await siege.judge();
    } finally {
      left.push(...(await target.end()).map(({ command }) => `left behind: ${command.slice(0, 200)}`));
    }
    const wrongs = [...report.wrongs, ...left, ...asked.map((one) => `went to the other server: ${one}`)];
    return { ...report, wrongs };
  } finally {
    await plane.close();
    evil.close();
    evil.closeAllConnections();
    machine.remove();
  }
}

async function openEvil(): Promise<{ server: Server; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`);
    response.end();
  });
  server.on("upgrade", (request, socket) => {
    asked.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, asked };
}

class Siege {
  readonly #tally: Record<string, number> = {};
  readonly #captured: string[] = [];
  readonly #random: () => number;
  readonly #options: SiegeOptions;
  readonly #machine: OwnersMachine;
  readonly #plane: HostileControlPlane;
  readonly #target: TargetRunner;
  readonly #evil: string;

  constructor(
    options: SiegeOptions,
    machine: OwnersMachine,
    plane: HostileControlPlane,
    target: TargetRunner,
    evil: string,
  ) {
    this.#options = options;
    this.#machine = machine;
    this.#plane = plane;
    this.#target = target;
    this.#evil = evil;
    this.#random = seeded(options.seed);
  }

  async attack(): Promise<void> {
    const { attacks, seconds } = this.#options;
    const { trap } = this.#machine;
    const deadline = performance.now() + seconds * 1000;
    const frames = frameAttacks(trap, this.#evil);
    const links = linkAttacks(
      this.#evil,
      (plane) => plane.command({ op: "start", request: { command: `touch ${trap}` } }).text,
    );
    const offset = Math.floor(this.#random() * 1000);
    for (let at = 0; at < attacks && performance.now() < deadline && this.#target.isRunning; at++) {
      if (at % linksEvery === linksEvery - 1) {
        const { on, attack } =
          links[(offset + Math.floor(at / linksEvery)) % links.length] ?? pick(links, this.#random);
        this.#count(on);
        attack(this.#plane, this.#random);
        await this.#reconnect();
      } else if (at % framesEvery === framesEvery - 1) {
        const { on, say } =
          frames[(offset + Math.floor(at / framesEvery)) % frames.length] ?? pick(frames, this.#random);
        this.#count(on);
        say(this.#plane, this.#random);
      } else this.#sayStart(offset + at);
      if (at % settleEvery === settleEvery - 1) await this.#settle();
    }
  }

  #sayStart(at: number): void {
    if (at % 11 === 10 && this.#captured.length > 0) return this.#replay();
    const { on, operation } = nextStart(at, this.#machine.trap, this.#random);
    this.#count(on);
    const { text } = this.#plane.command(operation);
    this.#captured.push(text);
    if (this.#captured.length > 500) this.#captured.shift();
    this.#plane.say(text);
  }

  /** What was said before, as it was or with one thing changed; on the same connection or, after one was lost, on another. */
  #replay(): void {
    const text = pick(this.#captured, this.#random);
    this.#count("replays");
    this.#plane.say(
      pick([text, text.replace(/"expires_at":\d+/, `"expires_at":${Date.now() + 30_000}`)], this.#random),
    );
    this.#plane.say(text.replace(machineId, `${machineId}0`));
  }

  #count(on: string): void {
    this.#tally[on] = (this.#tally[on] ?? 0) + 1;
  }

  /** Ends what stays, and waits until few are left: a start that is refused for want of room would prove nothing. */
  async #settle(): Promise<void> {
    let looks = 0;
    await waitUntil(
      "few runs live",
      async () => {
        if (!this.#target.isRunning) return true;
        // After lies about what is stored only a new connection tells what runs.
        if (++looks % 100 === 0) this.#plane.hangUp();
        if (!this.#plane.isConnected) await this.#reconnect();
        for (const process of this.#plane.staying) {
          this.#plane.say(this.#plane.command({ op: "stop", process, signal: "SIGKILL", grace_ms: 0 }).text);
        }
        await new Promise((resolve) => setTimeout(resolve, 30));
        return this.#target.watch.living <= maxLiving;
      },
      120_000,
    );
  }

  async #reconnect(): Promise<void> {
    await waitUntil("it is back", () => this.#plane.isConnected || !this.#target.isRunning, 90_000);
    // What begins badly once is to begin well the next time.
    this.#plane.welcome = {};
    this.#plane.beforeWelcome = [];
  }

  async judge(): Promise<SiegeReport> {
    const wrongs: string[] = [];
    if (this.#target.isRunning)
      await this.#serves().catch((error: unknown) => wrongs.push(`it serves no more: ${String(error)}`));
    else wrongs.push(`the runner ended: ${this.#target.said.slice(-2000)}`);
    const { LEDGER, OWN_WORD, HOME = "/", PATH = "" } = this.#machine.environment;
    const owners = { LEDGER: LEDGER ?? "", OWN_WORD: OWN_WORD ?? "", HOME, PATH };
    const signatures = this.#machine.signatures();
    for (const signature of signatures) {
      const wrong = judgeSignature(signature, this.#machine.root, owners);
      if (wrong !== null) wrongs.push(`${JSON.stringify(signature.argv).slice(0, 300)} ${wrong}`);
    }
    const executed = this.#target.executed();
    const { data, root, shellLine } = this.#machine;
    const rules = { runner: this.#target.arguments, data, root, signer, shellLine, node: process.execPath };
    for (const argv of executed) {
      const wrong = judgeSpawn(argv, rules);
      if (wrong !== null) wrongs.push(`${JSON.stringify(argv).slice(0, 300)} ${wrong}`);
    }
    wrongs.push(...this.#machine.findTraces(this.#machine.data, this.#plane.url), ...this.#plane.oddities);
    for (const [id, runs] of this.#plane.runs) {
      if (runs.size > 1) wrongs.push(`one command began ${runs.size} runs`);
      if (foreignIds.has(id)) wrongs.push("another machine's command began a run");
    }
    if (this.#target.isRunning) wrongs.push(...findListeners(this.#target.pid).map((one) => `listens: ${one}`));
    if (this.#target.mostMiB > maxRunnerMiB) wrongs.push(`the runner held ${this.#target.mostMiB} MiB`);
    if (this.#target.longestLine > maxLineLength) wrongs.push(`it logged a line of ${this.#target.longestLine}`);
    if (/unhandled|uncaught/i.test(this.#target.said))
      wrongs.push(`the runner said: ${this.#target.said.slice(-1000)}`);
    return { wrongs, tally: this.#tally, figures: this.#figures(signatures.length, executed.length) };
  }

  /** A right command runs once and signs, after all of it. */
  async #serves(): Promise<void> {
    await this.#reconnect();
    await this.#settle();
    const before = this.#machine.signatures().length;
    await waitUntil(
      "a named command runs",
      async () => {
        if (!this.#plane.isConnected) await this.#reconnect();
        const { id, text } = this.#plane.command({
          op: "start",
          request: { use: "count", params: { text: 7 }, name: "last" },
        });
        this.#plane.say(text);
        const outcome = await waitUntil("its outcome", () => this.#plane.outcomes.get(id), 15_000);
        return outcome.outcome === "done";
      },
      60_000,
    );
    await waitUntil("it signs", () => this.#machine.signatures().length > before, 30_000);
  }

  #figures(signatures: number, executed: number): SiegeReport["figures"] {
    const outcomes = [...this.#plane.outcomes.values()];
    return {
      ...{
        attacks: Object.values(this.#tally).reduce((sum, one) => sum + one, 0),
        kinds: Object.keys(this.#tally).length,
      },
      ...{
        done: outcomes.filter(({ outcome }) => outcome === "done").length,
        refused: outcomes.filter(({ outcome }) => outcome === "refused").length,
      },
      ...{ signatures, executed, traced: this.#target.isTraced ? "yes" : "no", looks: this.#target.watch.looks },
      ...{ connections: this.#plane.connections, most_mib: this.#target.mostMiB },
    };
  }
}

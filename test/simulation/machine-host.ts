// The developer's machine: its disk, its runner (the real supervisor and the real link), its shims, its power.

import { plainPolicy } from "@longwire/runner/src/admit/policy.ts";
import { type Introduction, Link } from "@longwire/runner/src/link/link.ts";
import { LastSeq } from "@longwire/runner/src/link/last-seq.ts";
import { Supervisor } from "@longwire/runner/src/supervise/supervisor.ts";
import { Ledger } from "./ledger.ts";
import { clock, type Owner } from "./platform/clock.ts";
import { disk, mkdirSync } from "./platform/disk.ts";
import { network } from "./platform/network.ts";
import { processes } from "./platform/processes.ts";
import { between, chance } from "./platform/random.ts";
import { listeners, type RunnerEnd } from "./platform/shim-pipes.ts";
import { Shim } from "./shim.ts";

const introduction: Introduction = {
  runner_version: "1",
  os: "linux",
  arch: "x64",
  policy_mode: "open",
  commands: [],
  capabilities: { tty: true, subreaper: false },
};

/** A flood is past them, and four windows of the link are not; runs share the machine's once five live. */
const sizes = { segmentBytes: 4096, spoolBytes: 640 * 1024, machineSpoolBytes: 2560 * 1024 };

interface Runner {
  readonly owner: Owner;
  supervisor: Supervisor | null;
  link: Link | null;
}

export class MachineHost {
  readonly ledger = new Ledger();
  readonly #shims = new Map<string, Shim>();
  #runner: Runner | null = null;
  #isWanted = false;
  /** The runner dies while the next shim it launches, which is slow to begin, has not spawned yet. */
  killsInALaunch = false;

  constructor() {
    for (const folder of ["/home", "/data", "/data/runs", "/data/spools", "/data/shim"]) {
      mkdirSync(folder, { recursive: true });
    }
    disk.settle();
    disk.onKill = () => this.killRunner();
    listeners.connectTo = (path) => this.#connectTo(path);
    become(this);
  }

  /** From now on a runner is started whenever there is none. */
  switchOn(): void {
    this.#isWanted = true;
    this.#start();
  }

  #start(): void {
    if (this.#runner !== null || !this.#isWanted) return;
    const runner: Runner = { owner: { name: "runner", isAlive: true }, supervisor: null, link: null };
    processes.add(runner.owner);
    this.#runner = runner;
    clock.after(runner.owner, 0, () => {
      this.#serve(runner).catch((error: unknown) => {
        if (!isRefusal(error)) clock.complain(runner.owner, error);
        this.killRunner();
      });
    });
  }

  async #serve(runner: Runner): Promise<void> {
    const supervisor = await Supervisor.open({
      dataFolder: "/data",
      policy: plainPolicy("open"),
      cwd: "/home",
      shimSource: "/shim.js",
      environment: {},
      leaseMs: null,
      maxLive: 6,
      ...sizes,
    });
    runner.supervisor = supervisor;
    runner.link = new Link({
      url: "ws://object/link",
      token: "token",
      machineId: "m1",
      introduction,
      machine: supervisor,
      lastSeq: new LastSeq("/data/last-seq.json", "m1"),
      onUp: () => {},
      // Another runner took over. Its owner starts it again.
      onDown: (_, final) => {
        if (final) this.killRunner(between(2000, 6000));
      },
      log: () => {},
    });
  }

  /** The runner dies where it stands; the next one is started `afterMs` later. */
  killRunner(afterMs = between(50, 3000)): void {
    const runner = this.#runner;
    if (runner === null) return;
    runner.owner.isAlive = false;
    this.#runner = null;
    for (const connection of network.connections) if (connection.owner === runner.owner) connection.drop();
    for (const shim of this.#shims.values()) shim.loseRunner(runner.owner);
    clock.after(power, afterMs, () => this.#start());
  }

  /** Everything on the machine dies, and the disk keeps what was synced. */
  cutPower(): void {
    for (const shim of this.#shims.values()) shim.kill();
    this.#shims.clear();
    this.killRunner(between(500, 5000));
    disk.cutPower();
    processes.restart();
  }

  /** Children print so often much faster than the link takes it. */
  flood(prints: number): void {
    for (const shim of this.#shims.values()) shim.floods = prints;
  }

  killShim(): void {
    const live = [...this.#shims.values()].filter((shim) => shim.owner.isAlive);
    live[Math.floor(between(0, live.length))]?.kill();
  }

  launch(folder: string): { socket: RunnerEnd; kill: () => void } | null {
    const owner: Owner = { name: "shim", isAlive: true };
    processes.add(owner);
    const isSlow = this.killsInALaunch || chance(0.15);
    const startMs = isSlow ? between(60, 4000) : between(5, 60);
    const shim = new Shim(owner, folder, this.ledger, startMs);
    this.#shims.set(folder, shim);
    const socket = shim.connect(clock.current, true);
    // The next runner is there at about the moment at which the shim spawns.
    if (this.killsInALaunch) clock.after(power, between(0, 50), () => this.killRunner(startMs - between(0, 200)));
    this.killsInALaunch = false;
    return socket === null ? null : { socket, kill: () => shim.kill() };
  }

  /** A new connection to the shim that listens at `path`. */
  #connectTo(path: string): RunnerEnd | null {
    for (const shim of this.#shims.values()) if (shim.path === path) return shim.connect(clock.current, false);
    return null;
  }

  /** Whether every run is over and all there is was acknowledged. */
  get isQuiet(): boolean {
    const supervisor = this.#runner?.supervisor;
    if (supervisor == null) return false;
    return [...supervisor.spools()].every((spool) => spool.kind === "runner") && !this.#isLive;
  }

  get #isLive(): boolean {
    return [...this.#shims.values()].some((shim) => shim.owner.isAlive);
  }

  /** What is not delivered, in words. */
  get unrest(): string {
    const spools = [...(this.#runner?.supervisor?.spools() ?? [])].filter(({ kind }) => kind === "run");
    const runs = spools.map(({ process, run, reader }) => `${process}.${run} has ${reader.first} to ${reader.next}`);
    const shims = [...this.#shims.values()].filter((shim) => shim.owner.isAlive).map((shim) => shim.path);
    return `${runs.join(", ")}; shims ${shims.join(", ")}; runner ${this.#runner?.supervisor == null ? "down" : "up"}`;
  }
}

const power: Owner = { name: "power", isAlive: true };

/** A runner that finds a disk without room, or was replaced, ends and says so; it is started again. */
function isRefusal(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === "ENOSPC";
}

let theMachine: MachineHost | null = null;

function become(machine: MachineHost): void {
  theMachine = machine;
}

/** The machine programs run on now. */
export function machineOf(): MachineHost {
  if (theMachine === null) throw new Error("no machine is simulated");
  return theMachine;
}

// How the machine and its runs' trees do. Nothing is measured unless somebody asks, and then one walk through the
// system's processes serves every tree.

import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { maxSampledPorts, maxSampledTrees } from "@longwire/shared/limits.ts";
import type { Question, RunnerAnswer, Samples, TreeSample } from "@longwire/shared/wire/questions.ts";
import { findListeners } from "../../processes/listening-ports.ts";
import { readProcessTable, type ProcessRow } from "../../processes/process-table.ts";
import type { FollowedRun } from "../followed-run.ts";
import { listPorts } from "./list-ports.ts";
import { WatchedTree } from "./watched-tree.ts";

/** A younger sample is given again. */
const freshMs = 1000;
/** A tree that was not measured for this long is measured twice, this far apart, to tell what it uses now. */
const maxWindowMs = 60_000;
const firstWindowMs = 250;
const portPollMs = 250;

type LiveRun = Pick<FollowedRun, "process" | "run" | "folder" | "spec">;
type Sample = Omit<Samples, "type" | "id">;

type MetricsQuestion = Exclude<Question, { type: "list_approvals" }>;
type MetricsAnswer = Exclude<RunnerAnswer, { type: "approvals" }>;

export interface MetricsOptions {
  readonly liveRuns: () => readonly LiveRun[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A live run's processes, at one look. */
interface Looked {
  readonly of: LiveRun;
  readonly tree: WatchedTree;
  readonly members: readonly ProcessRow[];
}

export class MachineMetrics {
  readonly #options: MetricsOptions;
  readonly #closing = new AbortController();
  /** Forgotten together with its run. */
  readonly #trees = new WeakMap<LiveRun, WatchedTree>();
  #fresh: { readonly allPorts: boolean; readonly sample: Promise<Sample> } | null = null;
  #look: Promise<readonly ProcessRow[]> | null = null;
  #lookedAt = -Infinity;

  constructor(options: MetricsOptions) {
    this.#options = options;
  }

  async answer(question: MetricsQuestion): Promise<MetricsAnswer> {
    const { id } = question;
    if (question.type === "sample") return { type: "samples", id, ...(await this.sample(question.all_ports)) };
    return { type: "port", id, port: await this.#awaitPort(question) };
  }

  /** How everything does now, or did less than a second ago. */
  sample(allPorts: boolean): Promise<Sample> {
    const before = this.#fresh;
    if (before !== null && (before.allPorts || !allPorts)) return before.sample;
    const fresh = { allPorts, sample: this.#sample(allPorts) };
    this.#fresh = fresh;
    const forget = (): void => {
      if (this.#fresh === fresh) this.#fresh = null;
    };
    fresh.sample.then(() => setTimeout(forget, freshMs).unref(), forget);
    return fresh.sample;
  }

  /** Lets go of who waits for a port. */
  close(): void {
    this.#closing.abort();
  }

  async #sample(allPorts: boolean): Promise<Sample> {
    if (this.#measureNew()) await sleep(firstWindowMs);
    const rows = readProcessTable();
    const looked = this.#lookAtTrees(rows);
    const measuredAt = performance.now();
    for (const { tree, members } of looked) tree.measure(members, measuredAt);
    const at = this.#options.now();
    return {
      at,
      trees: looked.flatMap((one) => describeTree(one, at)),
      ports: listPorts(rows, looked, allPorts).slice(0, maxSampledPorts),
      machine: {
        cpus: availableParallelism(),
        load: loadavg(),
        memory_total_bytes: totalmem(),
        memory_free_bytes: freemem(),
        runner_memory_bytes: process.memoryUsage.rss(),
      },
    };
  }

  /** Measures the trees that have nothing to be compared with; whether there are any. */
  #measureNew(): boolean {
    const since = performance.now() - maxWindowMs;
    const isNew = (run: LiveRun): boolean => !this.#treeOf(run).wasMeasuredSince(since);
    const fresh = this.#options.liveRuns().filter(isNew);
    if (fresh.length === 0) return false;
    const rows = readProcessTable();
    for (const run of fresh) {
      const tree = this.#treeOf(run);
      tree.measure(tree.members(rows), performance.now());
    }
    return true;
  }

  #lookAtTrees(rows: readonly ProcessRow[]): Looked[] {
    const runs = this.#options.liveRuns().slice(0, maxSampledTrees);
    return runs.map((of) => {
      const tree = this.#treeOf(of);
      return { of, tree, members: tree.members(rows) };
    });
  }

  #treeOf(run: LiveRun): WatchedTree {
    const known = this.#trees.get(run);
    if (known !== undefined) return known;
    const tree = new WatchedTree(run.folder, run.spec.marker);
    this.#trees.set(run, tree);
    return tree;
  }

  async #awaitPort(question: Extract<Question, { type: "await_port" }>): Promise<number | null> {
    const { port } = question;
    const endsAt = performance.now() + question.wait_ms;
    for (;;) {
      const run = this.#options.liveRuns().find((one) => one.process === question.process && one.run === question.run);
      if (run === undefined || this.#closing.signal.aborted) return null;
      const members = this.#treeOf(run).members(await this.#nextLook());
      const found = findListeners(members.map(({ pid }) => pid)).find((one) => port === undefined || one.port === port);
      if (found !== undefined) return found.port;
      if (performance.now() >= endsAt) return null;
    }
  }

  /** The processes at the next look for ports; one walk for all who wait, however many they are. */
  #nextLook(): Promise<readonly ProcessRow[]> {
    const delayMs = Math.max(0, this.#lookedAt + portPollMs - performance.now());
    this.#look ??= sleep(delayMs, null, { ref: false }).then(() => {
      this.#look = null;
      this.#lookedAt = performance.now();
      return readProcessTable();
    });
    return this.#look;
  }
}

function describeTree({ of, tree }: Looked, now: number): TreeSample[] {
  const { use } = tree;
  if (use === null) return [];
  return [
    {
      process: of.process,
      run: of.run,
      cpu_percent: use.cpuPercent,
      cpu_user_ms: Math.round(use.userMs),
      cpu_system_ms: Math.round(use.systemMs),
      memory_bytes: use.residentBytes,
      processes: use.processes,
      open_handles: use.handles,
      read_bytes: use.readBytes,
      written_bytes: use.writtenBytes,
      idle_ms: Math.max(0, Math.round(now - tree.lastRecordAt())),
    },
  ];
}

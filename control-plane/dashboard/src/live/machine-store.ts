// What this page knows of one machine: its view, its processes, what waits for approval, what each run uses. It stays
// readable while the machine is offline or the connection is lost. Of one that is not followed it knows the view alone.

import { batch, computed, signal, type Signal } from "@preact/signals";
import type { Machine, Process } from "@longwire/shared/api/views.ts";
import type { ViewerEvent } from "@longwire/shared/read-viewer-frame.ts";
import type { MetricsFrame } from "@longwire/shared/viewer-frame.ts";
import type { PendingApproval } from "@longwire/shared/wire/approvals.ts";
import type { Client } from "@longwire/shared/client/client.ts";
import type { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { callerFor, clientFor } from "../clients.ts";
import { notifyOf } from "../notices.ts";
import { may, sessionEnded } from "../session/session.ts";
import { atMost } from "./at-most.ts";
import { MachineFeed } from "./machine-feed.ts";
import { throttled } from "./throttle.ts";
import { addSample, type Usage } from "./usage.ts";

export interface Row {
  readonly id: string;
  readonly process: Signal<Process>;
  /** Null where nothing is measured: it does not run, or the machine is offline. */
  readonly usage: Signal<Usage | null>;
}

/** An approval, and when it ends by this page's clock. */
export interface Asked {
  readonly approval: PendingApproval;
  readonly endsAt: number;
}

/** A machine tells of its approvals itself, or says nothing for seconds; in clear a browser asks six things at a time. */
const inTurn = atMost(4);
const pageSize = 200;
const soonMs = 120;

export class MachineStore {
  readonly id: string;
  readonly client: Client;
  readonly machine: Signal<Machine>;
  readonly rows = signal<readonly Row[]>([]);
  /** Whether the list has come once. */
  readonly isLoaded = signal(false);
  /** Whether ended processes beyond the last ten are shown. */
  readonly showsAll = signal(false);
  readonly hasMore = signal(false);
  readonly approvals = signal<readonly Asked[]>([]);
  readonly failure = signal<LongwireError | null>(null);
  /** Null while it is not followed. */
  readonly #feed = signal<MachineFeed | null>(null);
  readonly connection = computed(() => this.#feed.value?.connection.value ?? null);
  readonly #byId = new Map<string, Row>();
  #pages = 1;
  readonly refresh = throttled(() => this.#readProcesses(), soonMs);
  readonly refreshMachine = throttled(() => this.#readMachine(), soonMs);
  /** At once: something happened to one. */
  readonly refreshApprovals = throttled(() => this.#readApprovals(), soonMs);
  readonly #lookForApprovals = throttled(() => inTurn(() => this.#readApprovals()), soonMs);

  constructor(machine: Machine) {
    this.id = machine.machine_id;
    this.machine = signal(machine);
    this.client = clientFor(machine.machine_id);
  }

  /** Reads all of it, and goes on as it changes. */
  follow(): void {
    if (this.#feed.peek() !== null) return;
    this.#feed.value = new MachineFeed(callerFor(this.id), {
      onOpen: () => this.refreshAll(),
      onStatus: (online, lastSeenAt) => this.#take({ online, last_seen_at: lastSeenAt }),
      onEvent: (event) => this.#see(event),
      onMetrics: (frame) => this.#measure(frame),
      onEnded: sessionEnded,
      onRefused: (error) => (this.failure.value = error),
    });
    this.refreshAll();
  }

  /** Lets go of all that would be as it was. */
  unfollow(): void {
    if (this.#feed.peek() === null) return;
    batch(() => {
      this.#feed.peek()?.close();
      this.#feed.value = null;
      this.#byId.clear();
      this.#pages = 1;
      this.rows.value = [];
      this.approvals.value = [];
      this.isLoaded.value = false;
      this.showsAll.value = false;
      this.hasMore.value = false;
      this.failure.value = null;
    });
  }

  /** The machine as the list has it, which is later than what was known only where it is not followed. */
  tell(machine: Machine): void {
    if (this.#feed.peek() === null) this.machine.value = machine;
  }

  refreshAll(): void {
    if (this.#feed.peek() === null) return;
    this.refresh();
    this.refreshMachine();
    this.#lookForApprovals();
  }

  show(all: boolean): void {
    this.showsAll.value = all;
    this.#pages = 1;
    this.refresh();
  }

  showMore(): void {
    this.#pages++;
    this.refresh();
  }

  find(reference: string): Row | undefined {
    return this.#byId.get(reference) ?? this.rows.value.find((row) => row.process.value.name === reference);
  }

  /** A process as an answer told it: no need to wait for the list. */
  put(process: Process): Row {
    const known = this.#byId.get(process.process_id);
    if (known !== undefined) {
      if (JSON.stringify(known.process.peek()) !== JSON.stringify(process)) known.process.value = process;
      return known;
    }
    const row: Row = { id: process.process_id, process: signal(process), usage: signal(null) };
    this.#byId.set(row.id, row);
    return row;
  }

  #take(changed: Partial<Machine>): void {
    const before = this.machine.peek();
    this.machine.value = { ...before, ...changed };
    if (before.online !== changed.online) this.refreshAll();
    if (changed.online === false) for (const row of this.#byId.values()) row.usage.value = null;
  }

  #see(event: ViewerEvent): void {
    notifyOf(this.machine.peek(), event);
    if (event.type === "approval") this.refreshApprovals();
    if (event.type === "forgotten" && event.process_id !== undefined) this.#byId.delete(event.process_id);
    // Its counts.
    this.refreshMachine();
    this.refresh();
  }

  #measure({ processes }: MetricsFrame): void {
    batch(() => {
      const measured = new Set<string>();
      for (const { process_id: id, run, metrics, ports } of processes) {
        const row = this.#byId.get(id);
        measured.add(id);
        if (row !== undefined) row.usage.value = addSample(row.usage.peek(), run, metrics, ports);
      }
      for (const row of this.#byId.values()) if (!measured.has(row.id)) row.usage.value = null;
    });
  }

  async #readProcesses(): Promise<void> {
    const found: Process[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < this.#pages; page++) {
      const asked = { state: this.showsAll.peek() ? "all" : "live", limit: pageSize } as const;
      const answer = await this.client.processes(cursor === null ? asked : { ...asked, cursor });
      found.push(...answer.items);
      cursor = answer.next_cursor;
      if (cursor === null) break;
    }
    if (this.#feed.peek() === null) return;
    batch(() => {
      const rows = found.map((process) => this.put(process));
      const before = this.rows.peek();
      const isSame = rows.length === before.length && rows.every((row, index) => row === before[index]);
      if (!isSame) this.rows.value = rows;
      this.hasMore.value = cursor !== null;
      this.isLoaded.value = true;
    });
  }

  async #readMachine(): Promise<void> {
    this.machine.value = await this.client.machine();
  }

  async #readApprovals(): Promise<void> {
    if (!may("approve") || !this.machine.peek().online) return void (this.approvals.value = []);
    const items = await this.client.approvals();
    if (this.#feed.peek() === null) return;
    const now = Date.now();
    this.approvals.value = items.map((approval) => ({ approval, endsAt: now + approval.expires_in_ms }));
  }
}

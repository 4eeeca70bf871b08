// Everything the log ever said, in every life it had: what a seq means never changes, what was acknowledged is there
// after every crash, and a run's bytes are those of the ledger.

import type { MachineInstance } from "simulated:machine";
import { keyOf, type Ledger, type RunAccount } from "./ledger.ts";

/** The seq of the last event it has. */
export function headOf(machine: MachineInstance): number {
  const page = machine.readEvents(undefined, 0, {});
  return page.ok ? page.value.head : 0;
}

interface StoredEvent {
  readonly seq: number;
  readonly type: string;
  readonly process_id?: string;
  readonly run?: number;
  readonly offset?: number;
  readonly data?: string;
  readonly data_base64?: string;
  readonly state?: string;
  readonly returncode?: number | null;
  readonly reason?: string;
  readonly from_offset?: number;
  readonly to_offset?: number | null;
  readonly from_seq?: number;
  readonly to_seq?: number;
}

/** Troubles after which something may be missing, if it is said. */
export interface Damages {
  /** A restored backup, a power cut, a damaged file. */
  mayLose: boolean;
  isRestored: boolean;
  /** The runner's disk may have forgotten the highest seq it was told of. */
  isPowerCut: boolean;
}

export class History {
  readonly faults: string[] = [];
  readonly damages: Damages = { mayLose: false, isRestored: false, isPowerCut: false };
  /** The present log, from seq 1 on, also what retention has dropped. */
  #events: string[] = [];
  #seqs: number[] = [];
  readonly #ever = new Map<number, string>();
  /** The highest seq an acknowledgement told a runner of. */
  toldHead = 0;
  bytes = 0;
  /** Bytes that gaps name which stand for output that had to go. */
  overflowed = 0;

  get head(): number {
    return this.#seqs.at(-1) ?? 0;
  }

  get count(): number {
    return this.#seqs.length;
  }

  /** Takes what was stored since. */
  follow(machine: MachineInstance): void {
    while (headOf(machine) > this.head) {
      const page = machine.readEvents(this.head, 10_000, {});
      if (!page.ok) return void this.faults.push(`what was stored cannot be read: ${page.refusal.detail}`);
      if (page.value.texts.length === 0) return void this.faults.push(`nothing is read behind ${this.head}`);
      for (const text of page.value.texts) this.#add(text);
    }
  }

  #add(text: string): void {
    const event = JSON.parse(text) as StoredEvent;
    const isHole = event.type === "gap" && event.to_seq === event.seq - 1 && event.from_seq === this.head + 1;
    if (event.seq !== this.head + 1 && !isHole) this.faults.push(`seq ${event.seq} follows ${this.head}`);
    const known = this.#ever.get(event.seq);
    if (known !== undefined && known !== text) this.faults.push(`seq ${event.seq} means two things`);
    this.#ever.set(event.seq, text);
    this.#events.push(text);
    this.#seqs.push(event.seq);
  }

  /** An instance was made from the tables. */
  checkWoken(machine: MachineInstance): void {
    const head = headOf(machine);
    if (head < this.toldHead) this.faults.push(`seq ${this.toldHead} was acknowledged, and the log ends at ${head}`);
  }

  /** The log is now what it was when its head was `head`. */
  restoreTo(head: number): void {
    const count = this.#seqs.filter((seq) => seq <= head).length;
    this.#events = this.#events.slice(0, count);
    this.#seqs = this.#seqs.slice(0, count);
    this.toldHead = head;
    this.damages.mayLose = true;
    this.damages.isRestored = true;
  }

  compare(seq: number, text: string): string | null {
    const known = this.#ever.get(seq);
    if (known === undefined) return `got seq ${seq}, which was never stored`;
    return known === text ? null : `got another event at ${seq} than was stored`;
  }

  /** Holds what can be read now against what was stored. */
  checkReadable(machine: MachineInstance): void {
    const head = headOf(machine);
    if (head !== this.head) this.faults.push(`the log ends at ${head}, and ${this.head} was stored`);
    for (let after: number | undefined; after === undefined || after < head;) {
      const page = machine.readEvents(after, 10_000, {});
      if (!page.ok) return void this.faults.push(`the log cannot be read: ${page.refusal.detail}`);
      for (const text of page.value.texts) {
        const fault = this.compare((JSON.parse(text) as StoredEvent).seq, text);
        if (fault !== null) this.faults.push(`a reader ${fault}`);
      }
      if (page.value.nextAfter === after) return;
      after = page.value.nextAfter;
    }
  }

  /** Holds the log's runs against the ledger, once all is stored. */
  checkRuns(ledger: Ledger): void {
    const byRun = new Map<string, StoredEvent[]>();
    for (const text of this.#events) {
      const event = JSON.parse(text) as StoredEvent;
      if (event.process_id === undefined || event.run === undefined || event.type === "command") continue;
      const key = keyOf(event.process_id, event.run);
      byRun.set(key, [...(byRun.get(key) ?? []), event]);
    }
    for (const account of ledger.runs.values()) this.#checkRun(account, byRun.get(account.key) ?? []);
    for (const id of ledger.startedTwice) this.faults.push(`command ${id} started more than one process`);
  }

  #checkRun(account: RunAccount, events: readonly StoredEvent[]): void {
    const fault = (text: string): void => void this.faults.push(`run ${account.key} ${text}`);
    const printed = Buffer.concat(account.pieces);
    let at = 0;
    let mayJump = false;
    let ends = 0;
    let isStarted = false;
    for (const event of events) {
      if (ends > 0) fault(`has ${event.type} at ${event.seq} behind its end`);
      if (event.type === "gap" && event.reason === "overflow") {
        const { from_offset: from = -1, to_offset: to } = event;
        if (!account.overflows) fault(`lets output go at ${from}, and could have been slowed`);
        if ((from !== at && !mayJump) || to == null || to <= at) fault(`has a gap from ${from} to ${to} at ${at}`);
        this.overflowed += (to ?? at) - at;
        at = to ?? at;
        mayJump = false;
      } else if (event.type === "gap") {
        if (!this.damages.mayLose) fault(`has a gap, and nothing was lost: ${JSON.stringify(event)}`);
        mayJump = true;
      } else if (event.type === "output") {
        const bytes = Buffer.from(event.data ?? event.data_base64 ?? "", event.data === undefined ? "base64" : "utf8");
        const offset = event.offset ?? -1;
        if (offset < at) fault(`repeats bytes at ${offset}, seq ${event.seq}`);
        if (offset > at && !mayJump) fault(`misses bytes from ${at} to ${offset} without a gap`);
        if (!bytes.equals(printed.subarray(offset, offset + bytes.byteLength))) fault(`differs at offset ${offset}`);
        at = offset + bytes.byteLength;
        mayJump = false;
        this.bytes += bytes.byteLength;
      } else if (event.type === "started") {
        isStarted = true;
      } else if (event.type === "exited" || (event.state === "failed" && !isStarted)) {
        ends++;
        if (event.type === "exited" && event.returncode != null && event.returncode !== account.returncode) {
          fault(`ended with ${event.returncode} instead of ${account.returncode}`);
        }
      }
    }
    if (this.damages.mayLose) return;
    if (!isStarted && events.some(({ state }) => state === "failed")) fault("was begun, and the log says it was not");
    if (ends !== 1) fault(`has ${ends} ends`);
    if (at !== printed.byteLength && !account.isKilled) fault(`has ${at} of ${printed.byteLength} bytes`);
  }
}

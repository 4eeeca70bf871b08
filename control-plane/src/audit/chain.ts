// An object's audit in its tables: entries are only ever added, each in the turn and transaction of what it records.
// One row an entry. Full tables are followed by another; when there are too many the oldest one is dropped as a whole,
// which the chain says in an entry of its own. A hash in what follows is all that is left of it.

import {
  chainStart,
  sealEntry,
  type AuditDraft,
  type AuditEntry,
  type ChainHead,
} from "@longwire/shared/audit/entry.ts";
import { trimmedTarget } from "@longwire/shared/audit/verify.ts";
import { auditTableEntries, maxAuditTables } from "@longwire/shared/limits.ts";

interface Standing {
  /** Numbers of the tables there are, oldest first. */
  readonly tables: readonly number[];
  readonly head: ChainHead;
  /** When the last entry was written, in milliseconds. */
  readonly at: number;
}

/** What is read of a chain. */
export interface AuditPage {
  readonly items: AuditEntry[];
  /** Where the next page begins; null at the end. */
  readonly next_after: number | null;
  readonly head: ChainHead;
  /** The last entry that is gone, by number and hash; 0 while all are there. */
  readonly anchor: ChainHead;
}

export interface AuditQuery {
  readonly after: number;
  readonly limit: number;
  readonly act?: string | undefined;
  /** The id or name of a token, or a kind of actor. */
  readonly actor?: string | undefined;
}

/** Entries one call looks at, where a filter passes over most. */
const maxLooked = 5000;

const nameOf = (table: number): string => `audit_${String(table).padStart(6, "0")}`;

/** How much of a chain is kept. */
export interface AuditBounds {
  readonly tableEntries: number;
  readonly tables: number;
}
const ownBounds: AuditBounds = { tableEntries: auditTableEntries, tables: maxAuditTables };

export class AuditChain {
  readonly #sql: SqlStorage;
  readonly #bounds: AuditBounds;
  #known: Standing | null = null;

  constructor(sql: SqlStorage, bounds: AuditBounds = ownBounds) {
    this.#sql = sql;
    this.#bounds = bounds;
  }

  #tableOf(n: number): number {
    return Math.ceil(n / this.#bounds.tableEntries);
  }

  get #standing(): Standing {
    return (this.#known ??= this.#load());
  }

  #load(): Standing {
    const names = this.#sql.exec<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'audit\\_%' ESCAPE '\\' ORDER BY name`,
    );
    const tables = [...names].map(({ name }) => Number(name.slice("audit_".length)));
    const newest = tables.at(-1);
    const last = newest === undefined ? null : this.#lastOf(newest);
    if (last === null) return { tables, head: chainStart, at: 0 };
    return { tables, head: { n: last.n, hash: last.hash }, at: Date.parse(last.at) };
  }

  #lastOf(table: number): AuditEntry | null {
    const [row] = this.#sql
      .exec<{ entry: string }>(`SELECT entry FROM ${nameOf(table)} ORDER BY n DESC LIMIT 1`)
      .toArray();
    return row === undefined ? null : readEntry(row.entry);
  }

  get head(): ChainHead {
    return this.#standing.head;
  }

  /** When the last entry was written; no later one is dated before it. */
  get lastAt(): number {
    return this.#standing.at;
  }

  /** What memory says may be ahead of what was written: looks again. */
  reread(): void {
    this.#known = null;
  }

  append(draft: AuditDraft, now: number): void {
    this.#insert(draft, now);
    const gone = this.#standing.tables.length - this.#bounds.tables;
    if (gone <= 0) return;
    const { tables, head, at } = this.#standing;
    const dropped = tables.slice(0, gone);
    for (const table of dropped) this.#sql.exec(`DROP TABLE ${nameOf(table)}`);
    this.#known = { tables: tables.slice(gone), head, at };
    const target = trimmedTarget((dropped.at(-1) ?? 0) * this.#bounds.tableEntries);
    this.#insert({ actor: { kind: "control_plane" }, act: "trimmed", target, outcome: "done" }, now);
  }

  #insert(draft: AuditDraft, now: number): void {
    const { head, at: lastAt } = this.#standing;
    const at = Math.max(now, lastAt);
    const entry = sealEntry(draft, head, new Date(at).toISOString());
    const table = this.#tableOf(entry.n);
    const { tables } = this.#standing;
    const isNew = !tables.includes(table);
    if (isNew)
      this.#sql.exec(`CREATE TABLE IF NOT EXISTS ${nameOf(table)} (n INTEGER PRIMARY KEY, entry TEXT NOT NULL)`);
    this.#sql.exec(`INSERT INTO ${nameOf(table)} (n, entry) VALUES (?, ?)`, entry.n, JSON.stringify(entry));
    this.#known = { tables: isNew ? [...tables, table] : tables, head: { n: entry.n, hash: entry.hash }, at };
  }

  /** Entries after `after`, oldest first, as they are stored: whoever reads them can check them. */
  read({ after, limit, act, actor }: AuditQuery): AuditPage {
    const { tables, head } = this.#standing;
    const anchor = this.#anchor(tables[0]);
    const items: AuditEntry[] = [];
    let looked = Math.max(after, anchor.n);
    const last = looked + maxLooked;
    for (const table of tables) {
      if (table < this.#tableOf(looked + 1)) continue;
      const rows = this.#sql.exec<{ n: number; entry: string }>(
        `SELECT n, entry FROM ${nameOf(table)} WHERE n > ? AND n <= ? ORDER BY n`,
        looked,
        last,
      );
      for (const row of rows) {
        if (items.length === limit) return { items, next_after: looked, head, anchor };
        const entry = readEntry(row.entry);
        looked = row.n;
        if (isWanted(entry, act, actor)) items.push(entry);
      }
      if (looked >= last) break;
    }
    return { items, next_after: looked < head.n && looked > after ? looked : null, head, anchor };
  }

  /** What the first entry that is kept says of the one before it. */
  #anchor(oldest: number | undefined): ChainHead {
    if (oldest === undefined || oldest === 1) return chainStart;
    const [row] = this.#sql.exec<{ entry: string }>(`SELECT entry FROM ${nameOf(oldest)} ORDER BY n LIMIT 1`).toArray();
    if (row === undefined) return chainStart;
    const first = readEntry(row.entry);
    return { n: first.n - 1, hash: first.prev };
  }
}

/** Entries are shown as they are stored; a damaged one is for whoever verifies to find, so nothing is judged here. */
function readEntry(text: string): AuditEntry {
  return JSON.parse(text) as AuditEntry;
}

function isWanted({ act, actor }: AuditEntry, wantedAct: string | undefined, wantedActor: string | undefined): boolean {
  if (wantedAct !== undefined && act !== wantedAct) return false;
  return wantedActor === undefined || [actor.kind, actor.token_id, actor.name].includes(wantedActor);
}

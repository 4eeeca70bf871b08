// The runs of a machine: small rows changed on lifecycle facts, with a cache of those in use. How much a live run
// has printed, and where last, stands in the checkpoint; its row lags behind until the run ends.

import type { ProcessQuery, RunsQuery } from "@longwire/shared/api/requests.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { keptRuns, recentlyEnded } from "@longwire/shared/limits.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import {
  applyFact,
  commandOf,
  isLifecycle,
  presentProcess,
  runViewSchema,
  type RunView,
} from "@longwire/shared/run-view.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";

const cacheLimit = 2000;
const numberOf = (id: ProcessId): number => Number(id.slice(1));
const keyOf = (process: number, run: number): string => `${process}.${run}`;

export class Runs {
  readonly #sql: SqlStorage;
  readonly #cache = new Map<string, RunView>();
  /** Runs that have not ended, by key. */
  readonly #live = new Map<string, RunView>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get live(): Iterable<RunView> {
    return this.#live.values();
  }

  get liveCount(): number {
    return this.#live.size;
  }

  get total(): number {
    return this.#sql.exec<{ total: number }>(`SELECT count(*) AS total FROM processes`).one().total;
  }

  #remember(view: RunView): void {
    const key = keyOf(numberOf(view.process), view.run);
    if (hasEnded(view.state)) this.#live.delete(key);
    else this.#live.set(key, view);
    if (this.#cache.size >= cacheLimit) this.#cache.clear();
    this.#cache.set(key, view);
  }

  /** Takes the fact at `seq` in. `store` is false while a stored log is replayed, whose rows are there already. */
  apply(seq: number, fact: RunFact, store: boolean): void {
    if (fact.type === "forgotten") return this.#forget(fact.process, store);
    const before = this.find(fact.process, fact.run);
    const after = applyFact(before, fact);
    const first_seq = before === null ? seq : after.first_seq;
    const output_seq = fact.type === "output" || fact.type === "gap" ? seq : after.output_seq;
    const view = { ...after, first_seq, output_seq };
    this.#remember(view);
    // A run whose beginning is lost is known from whatever is first told of it.
    if (store && (before === null || isLifecycle(fact))) this.#write(view, before === null);
  }

  #write(view: RunView, isNew: boolean): void {
    const id = numberOf(view.process);
    this.#sql.exec(
      `INSERT INTO runs (process, run, view) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET view = excluded.view`,
      id,
      view.run,
      JSON.stringify(view),
    );
    if (!isNew) return;
    this.#sql.exec(`DELETE FROM runs WHERE process = ? AND run <= ?`, id, view.run - keptRuns);
    this.#cache.delete(keyOf(id, view.run - keptRuns));
    this.#sql.exec(
      `INSERT INTO processes (id, run) VALUES (?, ?) ON CONFLICT DO UPDATE SET run = max(run, excluded.run)`,
      id,
      view.run,
    );
    if (view.label.name === undefined) return;
    this.#sql.exec(
      `INSERT INTO names (name, process) VALUES (?, ?) ON CONFLICT DO UPDATE SET process = excluded.process`,
      view.label.name,
      id,
    );
  }

  /** Of a forgotten process only its events are left, until their partitions go. */
  #forget(process: ProcessId, store: boolean): void {
    const id = numberOf(process);
    for (const views of [this.#live, this.#cache]) {
      for (const [key, view] of views) if (view.process === process) views.delete(key);
    }
    if (!store) return;
    this.#sql.exec(`DELETE FROM names WHERE process = ?`, id);
    this.#sql.exec(`DELETE FROM runs WHERE process = ?`, id);
    this.#sql.exec(`DELETE FROM processes WHERE id = ?`, id);
  }

  /** Puts back what the checkpoint knows of a live run's output. */
  restore(process: ProcessId, run: number, outputBytes: number, outputSeq: number): void {
    const view = this.find(process, run);
    if (view === null) return;
    const output_bytes = Math.max(view.output_bytes, outputBytes);
    this.#remember({ ...view, output_bytes, output_seq: Math.max(view.output_seq, outputSeq) });
  }

  /** One run; null where it is unknown. */
  find(process: ProcessId, run: number): RunView | null {
    return this.#load(numberOf(process), run);
  }

  #load(process: number, run: number): RunView | null {
    const key = keyOf(process, run);
    const cached = this.#live.get(key) ?? this.#cache.get(key);
    if (cached !== undefined) return cached;
    const [row] = this.#sql
      .exec<{ view: string }>(`SELECT view FROM runs WHERE process = ? AND run = ?`, process, run)
      .toArray();
    if (row === undefined) return null;
    const view = runViewSchema.parse(JSON.parse(row.view));
    this.#remember(view);
    return view;
  }

  /** The latest run of the process with this id or name. */
  latest(idOrName: string): RunView | null {
    const process = /^p[1-9][0-9]{0,14}$/.test(idOrName) ? Number(idOrName.slice(1)) : this.#named(idOrName);
    if (process === null) return null;
    const [row] = this.#sql.exec<{ run: number }>(`SELECT run FROM processes WHERE id = ?`, process).toArray();
    return row === undefined ? null : this.#load(process, row.run);
  }

  #named(name: string): number | null {
    const [row] = this.#sql.exec<{ process: number }>(`SELECT process FROM names WHERE name = ?`, name).toArray();
    return row?.process ?? null;
  }

  /** Processes newest first; `cursor` is the number of the last process of the page before. */
  list(query: ProcessQuery): { readonly items: Process[]; readonly next_cursor: string | null } {
    const items: Process[] = [];
    for (const view of this.#candidates(query)) {
      if (!fits(view, query)) continue;
      if (items.length === query.limit) return { items, next_cursor: items.at(-1)?.process_id.slice(1) ?? null };
      items.push(presentProcess(view));
    }
    return { items, next_cursor: null };
  }

  *#candidates(query: ProcessQuery): Generator<RunView> {
    let ended = 0;
    let live = this.#live.size;
    for (const row of this.#sql.exec<{ id: number; run: number }>(
      `SELECT id, run FROM processes WHERE id < ? ORDER BY id DESC`,
      query.cursor ?? Number.MAX_SAFE_INTEGER,
    )) {
      const view = this.#load(row.id, row.run);
      if (view === null) continue;
      if (query.state !== "live") yield view;
      else if (!hasEnded(view.state)) {
        yield view;
        live--;
      } else if (ended++ < recentlyEnded) yield view;
      if (query.state === "live" && live === 0 && ended >= recentlyEnded) return;
    }
  }

  /** The runs of a process, newest first; `cursor` is the number of the last run of the page before. */
  listRuns(process: ProcessId, query: RunsQuery): { readonly items: Process[]; readonly next_cursor: string | null } {
    const id = numberOf(process);
    const rows = this.#sql
      .exec<{ run: number }>(
        `SELECT run FROM runs WHERE process = ? AND run < ? ORDER BY run DESC LIMIT ?`,
        id,
        query.cursor ?? Number.MAX_SAFE_INTEGER,
        query.limit + 1,
      )
      .toArray();
    const page = rows.slice(0, query.limit).flatMap(({ run }) => this.#load(id, run) ?? []);
    const next_cursor = rows.length > query.limit ? String(page.at(-1)?.run) : null;
    return { items: page.map((view) => presentProcess(view)), next_cursor };
  }

  /** Live runs that a fragment of the command, a tag, or nothing at all selects. */
  select(by: { readonly contains?: string | undefined; readonly tag?: string | undefined }): RunView[] {
    return [...this.#live.values()].filter(
      (view) =>
        (by.contains === undefined || commandOf(view).includes(by.contains)) &&
        (by.tag === undefined || view.label.tags.includes(by.tag)),
    );
  }
}

function fits(view: RunView, query: ProcessQuery): boolean {
  if (query.tag !== undefined && !view.label.tags.includes(query.tag)) return false;
  if (query.name !== undefined && view.label.name !== query.name) return false;
  return query.state === "live" || query.state === "all" || view.state === query.state;
}

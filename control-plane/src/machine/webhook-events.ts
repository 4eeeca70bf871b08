// What a machine tells of itself to webhooks: events are noticed in the turn that stores them, kept as rows beside the
// log, and handed to the workspace after the turn, which sends them. Where no webhook asks for anything it costs nothing.

import { backoffMs } from "@longwire/shared/backoff.ts";
import { wantsEvent } from "@longwire/shared/event-filter.ts";
import type { WebhookEvent } from "@longwire/shared/api/webhooks.ts";
import { maxOwedEvents, offlineAfterMs, owedPage } from "@longwire/shared/limits.ts";
import { presentEvent } from "@longwire/shared/present-event.ts";
import { isAboutRun, type Fact } from "@longwire/shared/wire/facts.ts";
import type { OutputWatch } from "@longwire/shared/wire/watches.ts";
import type { Env } from "../env.ts";
import type { OneAlarm } from "../one-alarm.ts";
import type { OwedEvent, WebhookInterest, WebhookOrders } from "../webhooks/orders.ts";
import type { Profile } from "./profile.ts";
import type { Runs } from "./runs.ts";
import { readMeta, writeMeta } from "./schema.ts";

const ordersKey = "webhooks";
const offlineKey = "offline_due";
/** When it is looked after again should this object end meanwhile. */
const againMs = 2000;
const noOrders: WebhookOrders = { workspace: "", version: 0, interests: [] };

export interface WebhookEventsParts {
  readonly sql: SqlStorage;
  readonly alarm: OneAlarm;
  readonly workspaces: Env["WORKSPACES"];
  readonly profile: Profile;
  readonly runs: () => Runs;
  readonly isOnline: (now: number) => boolean;
}

export class WebhookEvents {
  readonly #parts: WebhookEventsParts;
  #orders: WebhookOrders;
  /** When it is told that the machine is gone; null while it is not, or nobody wants to know. */
  #offlineDue: number | null;
  #owes: boolean;
  #isGiving = false;
  #failures = 0;

  constructor(parts: WebhookEventsParts) {
    this.#parts = parts;
    const { sql, alarm } = parts;
    const orders = readMeta(sql, ordersKey);
    this.#orders = orders === undefined ? noOrders : (JSON.parse(orders) as WebhookOrders);
    this.#offlineDue = Number(readMeta(sql, offlineKey) ?? 0) || null;
    this.#owes = sql.exec(`SELECT 1 FROM owed_events LIMIT 1`).toArray().length > 0;
    if (this.#owes) alarm.wakeAt(Date.now() + againMs);
    if (this.#offlineDue !== null) alarm.wakeAt(this.#offlineDue);
  }

  /** Takes over what the workspace's webhooks ask for; whether that is new. */
  setOrders(orders: WebhookOrders): boolean {
    if (orders.version <= this.#orders.version) return false;
    writeMeta(this.#parts.sql, ordersKey, JSON.stringify(orders));
    this.#orders = orders;
    return true;
  }

  /** Whether there may be something that the workspace was not given. */
  get owes(): boolean {
    return this.#owes;
  }

  /** What the runner is to look for in the output. */
  get watches(): OutputWatch[] {
    return this.#orders.interests.flatMap(({ id, pattern, process, tag }) =>
      pattern === null
        ? []
        : [{ id, pattern, ...(process === null ? {} : { process }), ...(tag === null ? {} : { tag }) }],
    );
  }

  /** Facts that were stored from `firstSeq` on. To be called in the transaction that stores them. */
  note(facts: readonly Fact[], firstSeq: number, now: number): void {
    if (this.#orders.interests.length === 0) return;
    for (const [at, fact] of facts.entries()) {
      const type = told.get(fact.type);
      if (type === undefined) continue;
      const view = isAboutRun(fact) ? this.#parts.runs().find(fact.process, fact.run) : null;
      const wanted = this.#orders.interests.filter((one) => {
        if (!one.events.includes(type)) return false;
        if (fact.type === "match") return fact.watch === one.id;
        const filter = { process: one.process ?? undefined, tag: one.tag ?? undefined, type: undefined };
        return wantsEvent(filter, fact, view);
      });
      if (wanted.length === 0) continue;
      const { timestamp, ...rest } = presentEvent(firstSeq + at, fact, view, ({ size }) => ({ size }));
      this.#keep(wanted, type, timestamp, { ...rest, timestamp }, now);
    }
  }

  #keep(wanted: readonly WebhookInterest[], type: WebhookEvent, timestamp: string, event: object, now: number): void {
    const { sql, alarm, profile } = this.#parts;
    const data = { machine_id: profile.machineId, machine: profile.name, ...event };
    const body = JSON.stringify({ type, timestamp, data });
    let { kept } = sql.exec<{ kept: number }>(`SELECT count(*) AS kept FROM owed_events`).one();
    for (const { id: webhook } of wanted) {
      // Where there is no room, how many were lost is told instead.
      if (kept++ < maxOwedEvents) {
        const id = `msg_${crypto.randomUUID().replaceAll("-", "")}`;
        sql.exec(`INSERT INTO owed_events (id, webhook, type, body) VALUES (?, ?, ?, ?)`, id, webhook, type, body);
      } else {
        sql.exec(
          `INSERT INTO dropped_events (webhook, count) VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1`,
          webhook,
        );
      }
    }
    this.#owes = true;
    alarm.wakeAt(now + againMs);
  }

  /** The runner's connection ended, and no other took its place. */
  runnerLeft(now: number): void {
    if (this.#wantOffline().length === 0) return;
    this.#offlineDue = now + offlineAfterMs;
    writeMeta(this.#parts.sql, offlineKey, String(this.#offlineDue));
    this.#parts.alarm.wakeAt(this.#offlineDue);
  }

  runnerCame(): void {
    if (this.#offlineDue === null) return;
    this.#offlineDue = null;
    writeMeta(this.#parts.sql, offlineKey, "0");
  }

  #wantOffline(): WebhookInterest[] {
    return this.#orders.interests.filter(({ events }) => events.includes("offline"));
  }

  /** To be called when the alarm fires. */
  lookAtTime(now: number): void {
    if (this.#offlineDue === null) return;
    if (this.#offlineDue > now) return this.#parts.alarm.wakeAt(this.#offlineDue);
    const { last_seen_at } = this.#parts.profile.present(false, now);
    const isGone = !this.#parts.isOnline(now);
    this.runnerCame();
    const event = { type: "offline", last_seen_at };
    if (isGone) this.#keep(this.#wantOffline(), "offline", new Date(now).toISOString(), event, now);
  }

  /** Gives what is kept to the workspace. Never throws: what could not be given is tried again later. */
  async give(): Promise<void> {
    if (!this.#owes || this.#isGiving) return;
    this.#isGiving = true;
    const { alarm, profile, workspaces } = this.#parts;
    try {
      const workspace = workspaces.get(workspaces.idFromString(this.#orders.workspace));
      while (this.#owes && profile.isThere) {
        const { events, dropped } = this.#read();
        this.#owes = events.length > 0 || dropped.length > 0;
        if (!this.#owes) break;
        const counts = Object.fromEntries(dropped.map(({ webhook, count }) => [webhook, count]));
        await workspace.tellWebhooks(profile.machineId, events, counts);
        if (profile.isThere) this.#forget(events, dropped);
        this.#failures = 0;
      }
    } catch (error) {
      console.error("events for webhooks could not be given to the workspace", error);
      this.#owes = true;
      alarm.wakeAt(Date.now() + backoffMs(this.#failures++, Math.random()));
    } finally {
      this.#isGiving = false;
    }
  }

  #read(): { readonly events: OwedEvent[]; readonly dropped: readonly Dropped[] } {
    const { sql } = this.#parts;
    const query = `SELECT id, webhook, type, body FROM owed_events ORDER BY n LIMIT ?`;
    const events = sql.exec<{ id: string; webhook: string; type: string; body: string }>(query, owedPage).toArray();
    const dropped = sql.exec<Dropped>(`SELECT webhook, count FROM dropped_events`).toArray();
    return { events: events.map((event) => ({ ...event, type: event.type as WebhookEvent })), dropped };
  }

  #forget(events: readonly OwedEvent[], dropped: readonly Dropped[]): void {
    const { sql } = this.#parts;
    for (const { id } of events) sql.exec(`DELETE FROM owed_events WHERE id = ?`, id);
    for (const { webhook, count } of dropped) {
      sql.exec(`UPDATE dropped_events SET count = count - ? WHERE webhook = ?`, count, webhook);
    }
    if (dropped.length > 0) sql.exec(`DELETE FROM dropped_events WHERE count <= 0`);
  }
}

type Dropped = { webhook: string; count: number };

const told: ReadonlyMap<Fact["type"], WebhookEvent> = new Map([
  ["exited", "exited"],
  ["failed", "exited"],
  ["ready", "ready"],
  ["approval", "approval"],
  ["match", "match"],
]);

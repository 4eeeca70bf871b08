// The object of one workspace: which machines it has, and the tokens that reach them, kept as hashes only.

import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import type { Grant, MachineEntry, Scope } from "./grant.ts";

type TokenRow = { id: string; kind: string; scopes: string; machine_id: string | null };

/** A token to be kept: its SHA-256 as hexadecimal, and what it allows. */
export interface NewToken {
  readonly hash: string;
  readonly kind: Grant["kind"];
  readonly scopes: readonly Scope[];
  /** The machine a runner's token belongs to. */
  readonly machineId: string | null;
}

export class Workspace extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    this.#sql = context.storage.sql;
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS machines (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL)
       WITHOUT ROWID`,
    );
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS tokens (hash TEXT PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL,
         scopes TEXT NOT NULL, machine_id TEXT, created_at INTEGER NOT NULL) WITHOUT ROWID`,
    );
  }

  /** Takes in a machine with the tokens made for it. */
  enroll(machine: MachineEntry, tokens: readonly NewToken[]): void {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec(`INSERT INTO machines (id, name, created_at) VALUES (?, ?, ?)`, machine.id, machine.name, now);
      for (const token of tokens) {
        this.#sql.exec(
          `INSERT INTO tokens (hash, id, kind, scopes, machine_id, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
          token.hash,
          crypto.randomUUID(),
          token.kind,
          JSON.stringify(token.scopes),
          token.machineId,
          now,
        );
      }
    });
  }

  /** What the token with this hash allows; null where there is none. */
  verify(hash: string): Grant | null {
    const [row] = this.#sql
      .exec<TokenRow>(`SELECT id, kind, scopes, machine_id FROM tokens WHERE hash = ?`, hash)
      .toArray();
    if (row === undefined) return null;
    const machines = this.#sql.exec<MachineEntry & Record<string, string>>(`SELECT id, name FROM machines`).toArray();
    return {
      tokenId: row.id,
      kind: row.kind === "runner" ? "runner" : "operator",
      scopes: JSON.parse(row.scopes) as Scope[],
      machines: row.machine_id === null ? machines : machines.filter((machine) => machine.id === row.machine_id),
    };
  }
}

// The machines of a workspace. Each has a name of its own there.

import { maxMachines } from "@longwire/shared/limits.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { MachineEntry } from "./grant.ts";

export class Machines {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** In the order in which they joined. */
  list(): MachineEntry[] {
    return this.#sql
      .exec<{ id: string; name: string }>(`SELECT id, name FROM machines ORDER BY created_at, id`)
      .toArray();
  }

  /** Why a machine of this name cannot join; null where it can. */
  refusal(name: string): Refusal | null {
    const known = this.list();
    if (known.some((machine) => machine.name === name)) {
      const detail = `This workspace has a machine named ${JSON.stringify(name)} already. The join code is still good.`;
      const hint = "Join under another name, with --name, or remove the machine that has it.";
      return { code: "name_taken", detail, hint };
    }
    if (known.length < maxMachines) return null;
    const detail = `This workspace has ${maxMachines} machines.`;
    return { code: "limit_reached", detail, hint: "Remove machines that are gone." };
  }

  add({ id, name }: MachineEntry, now: number): void {
    this.#sql.exec(`INSERT INTO machines (id, name, created_at) VALUES (?, ?, ?)`, id, name, now);
  }

  remove(id: string): void {
    this.#sql.exec(`DELETE FROM machines WHERE id = ?`, id);
  }
}

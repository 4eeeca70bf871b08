// The highest seq this machine was ever told of, kept on disk. A control plane that stands below it was restored from
// a backup; it has to know, so that it gives no seq a second time. At most a second old, which costs a small file a
// second while something is stored.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { maxLastSeq, restoredLeap } from "@longwire/shared/limits.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";

const everyMs = 1000;

const fileSchema = z.object({ machine_id: z.string(), last_seq: z.number().int().min(0).max(maxLastSeq) });

export class LastSeq {
  readonly #path: string;
  readonly #machineId: string;
  #value: number;
  #timer: NodeJS.Timeout | null = null;

  /** What is known of `machineId`; nothing where the file tells of another machine, or is not there. */
  constructor(path: string, machineId: string) {
    this.#path = path;
    this.#machineId = machineId;
    this.#value = read(path, machineId);
  }

  get value(): number {
    return this.#value;
  }

  /** The control plane's log has `seq`. */
  note(seq: number): void {
    if (seq <= this.#value || seq > maxLastSeq) return;
    const isLeap = seq - this.#value >= restoredLeap;
    this.#value = seq;
    // A second restore may follow the first at once; it must not leap to where that one did.
    if (isLeap) return this.#write();
    this.#timer ??= setTimeout(() => this.#write(), everyMs).unref();
  }

  close(): void {
    if (this.#timer !== null) this.#write();
  }

  #write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify({ machine_id: this.#machineId, last_seq: this.#value }), {
        mode: 0o600,
      });
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      // A disk that takes nothing now takes the next one; until then a restore is noticed a little less sharply.
    }
  }
}

function read(path: string, machineId: string): number {
  try {
    const known = fileSchema.safeParse(parseJson(readFileSync(path, "utf8")));
    return known.success && known.data.machine_id === machineId ? known.data.last_seq : 0;
  } catch {
    return 0;
  }
}

// The runner's own spools: a new one at each start, for outcomes and for facts no shim could tell; those of earlier
// starts are only drained.

import { randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { segmentBytes } from "@longwire/shared/limits.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { Recorder } from "../spool/recorder.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import { syncFolder } from "./write-durably.ts";
import type { FollowedSpool } from "./followed-spool.ts";

export function newSpoolId(): SpoolId {
  return randomBytes(16).toString("hex") as SpoolId;
}

/** The spool of this start. */
export class OwnSpool implements FollowedSpool {
  readonly kind = "runner";
  readonly id = newSpoolId();
  readonly reader: SpoolReader;
  readonly #recorder: Recorder;
  #acknowledged = 1;

  constructor(spools: string, onAppend: () => void) {
    const folder = join(spools, this.id);
    this.#recorder = new Recorder({
      folder,
      segmentBytes,
      maxBytes: Infinity,
      onAppended: ({ number, pieces }) => {
        this.reader.offer(number, Buffer.concat(pieces));
        onAppend();
      },
      onRoom: () => {},
    });
    this.reader = new SpoolReader(folder);
  }

  append(fact: Fact): void {
    this.#recorder.record(fact);
  }

  /** Whether all it was given is on disk. */
  get isStored(): boolean {
    return this.#recorder.isStored;
  }

  /** Records the control plane does not have. */
  get waiting(): number {
    return this.reader.next - this.#acknowledged;
  }

  acknowledged(next: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, next);
    this.#recorder.trim(next);
    this.reader.forgetBelow(next);
  }

  close(): void {
    this.#recorder.close();
    this.reader.close();
  }
}

/** A spool of an earlier start. */
export class OldSpool implements FollowedSpool {
  readonly kind = "runner";
  readonly id: SpoolId;
  readonly reader: SpoolReader;

  constructor(spools: string, id: SpoolId) {
    this.id = id;
    this.reader = new SpoolReader(join(spools, id));
    this.reader.seal();
  }

  /** Every fact it holds. */
  *facts(): Generator<Fact, void, void> {
    for (let from = this.reader.first; from < this.reader.next;) {
      const records = this.reader.read(from, 512 * 1024, 1000);
      if (records.length === 0) return;
      for (const record of records) yield JSON.parse(record.header) as Fact;
      from += records.reduce((sum, { span }) => sum + span, 0);
    }
  }

  /** Whether all of it is stored by the control plane; its files are gone then. */
  acknowledged(next: number): boolean {
    this.reader.trim(next);
    if (next < this.reader.next) return false;
    this.close();
    rmSync(this.reader.folder, { recursive: true, force: true });
    // What comes back after a power cut would be told again.
    syncFolder(dirname(this.reader.folder));
    return true;
  }

  close(): void {
    this.reader.close();
  }
}

/** The spools of earlier starts; those that never got a record are removed. */
export function openOldSpools(spools: string): OldSpool[] {
  return readdirSync(spools).flatMap((name) => {
    const spool = new OldSpool(spools, name as SpoolId);
    if (spool.reader.next > 1 || spool.reader.damaged) return [spool];
    rmSync(join(spools, name), { recursive: true, force: true });
    return [];
  });
}

// What is kept of each process's start, one file a process. It holds the environment the caller gave, so only the owner
// may read it.

import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { keptVersion, type KeptStart } from "./kept-start.ts";
import { replaceDurably } from "./write-durably.ts";

export class StartStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Everything that is kept; what another version wrote is left alone. */
  read(): KeptStart[] {
    return readdirSync(this.#folder).flatMap((name) => {
      if (!name.endsWith(".json")) return [];
      try {
        const kept = JSON.parse(readFileSync(join(this.#folder, name), "utf8")) as KeptStart;
        return kept.version === keptVersion ? [kept] : [];
      } catch {
        return [];
      }
    });
  }

  /** On the medium on return. */
  write(kept: KeptStart): void {
    replaceDurably(this.#path(kept.process), JSON.stringify(kept));
  }

  remove(process: ProcessId): void {
    rmSync(this.#path(process), { force: true });
  }

  #path(process: ProcessId): string {
    return join(this.#folder, `${process}.json`);
  }
}

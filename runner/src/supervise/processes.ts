// The processes of this machine on disk and in memory: the register of ids and names, and what each one's start asked.

import type { ProcessId } from "@longwire/shared/ids.ts";
import { isWaiting, type KeptStart, type WaitingStart } from "./kept-start.ts";
import {
  type Register,
  type RegisteredProcess,
  readRegister,
  registerForgotten,
  registerFound,
  registerStart,
  wasGiven,
  writeRegister,
} from "./process-register.ts";
import { StartStore } from "./start-store.ts";

export class Processes {
  readonly #registerPath: string;
  readonly #store: StartStore;
  readonly #kept = new Map<ProcessId, KeptStart>();
  #register: Register;
  #nextOrder = 1;

  constructor(registerPath: string, startsFolder: string) {
    this.#registerPath = registerPath;
    this.#register = readRegister(registerPath);
    this.#store = new StartStore(startsFolder);
    for (const kept of this.#store.read()) {
      this.#kept.set(kept.process, kept);
      this.found({ process: kept.process, run: kept.run, ...named(kept.request.name) });
      if (isWaiting(kept)) this.#nextOrder = Math.max(this.#nextOrder, kept.phase.order + 1);
    }
  }

  /** Whether `process` was ever given on this machine. */
  wasGiven(process: ProcessId): boolean {
    return wasGiven(this.#register, process);
  }

  /** What the start of `process` asked; null where that is not known any more. */
  find(process: ProcessId): KeptStart | null {
    return this.#kept.get(process) ?? null;
  }

  all(): KeptStart[] {
    return [...this.#kept.values()];
  }

  waiting(): WaitingStart[] {
    return this.all().filter((kept) => isWaiting(kept));
  }

  nextOrder(): number {
    return this.#nextOrder++;
  }

  /** A process id (or that of the ended process of this name) and a run number. */
  give(name: string | undefined): RegisteredProcess {
    const [register, given] = registerStart(this.#register, name);
    this.#write(register);
    return given;
  }

  /** The number of the next run of a process, which is given once what is kept of the process says so. */
  giveNext({ process, run, request }: KeptStart): number {
    this.found({ process, run: run + 1, ...named(request.name) });
    return run + 1;
  }

  /** A run was found on disk, which the register may not know of after a power cut. */
  found(found: RegisteredProcess): void {
    this.#register = registerFound(this.#register, found);
  }

  /** Remembers what a start asked; on the medium on return. */
  put(kept: KeptStart): void {
    this.#kept.set(kept.process, kept);
    this.#store.write(kept);
    if (this.#kept.size > this.#register.latest.length) this.#dropForgotten();
  }

  /** The process has ended and nobody wants to know of it any more: its name is free, its id stays given. */
  forget(process: ProcessId): void {
    this.#write(registerForgotten(this.#register, process));
    this.#drop(process);
  }

  #write(register: Register): void {
    writeRegister(this.#registerPath, register);
    this.#register = register;
  }

  /** What the register remembers no more goes, unless it lives or waits. */
  #dropForgotten(): void {
    const remembered = new Set(this.#register.latest.map(({ process }) => process));
    for (const kept of this.all()) {
      if (kept.phase.type === "ended" && !remembered.has(kept.process)) this.#drop(kept.process);
    }
  }

  #drop(process: ProcessId): void {
    this.#kept.delete(process);
    this.#store.remove(process);
  }
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}

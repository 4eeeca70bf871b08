// Which process ids were given, and which process a name means. An id is given once on a machine; a name that comes
// again means the same process in its next run.

import { readFileSync } from "node:fs";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { replaceDurably } from "./write-durably.ts";

/** Processes whose name and run number are remembered after they ended; the oldest go first. */
export const maxRemembered = 1000;

/** A process in its latest run. */
export interface RegisteredProcess {
  readonly process: ProcessId;
  readonly name?: string;
  readonly run: number;
}

export interface Register {
  /** The number of the next process id. */
  readonly next: number;
  /** Least recently started first. */
  readonly latest: readonly RegisteredProcess[];
}

export const emptyRegister: Register = { next: 1, latest: [] };

/** The process and run that a start under `name` begins; the caller knows that no live process has the name. */
export function registerStart(register: Register, name: string | undefined): [Register, RegisteredProcess] {
  const known = name === undefined ? undefined : register.latest.find((one) => one.name === name);
  const started: RegisteredProcess =
    known === undefined
      ? { process: `p${register.next}` as ProcessId, run: 1, ...(name === undefined ? {} : { name }) }
      : { ...known, run: known.run + 1 };
  return [include(register, started), started];
}

/** The register after a run was found on disk, which it may not know of after a power cut. */
export function registerFound(register: Register, found: RegisteredProcess): Register {
  const known = register.latest.find((one) => one.process === found.process);
  return known !== undefined && known.run >= found.run ? register : include(register, found);
}

function include(register: Register, one: RegisteredProcess): Register {
  const others = register.latest.filter(
    (other) => other.process !== one.process && (one.name === undefined || other.name !== one.name),
  );
  return {
    next: Math.max(register.next, Number(one.process.slice(1)) + 1),
    latest: [...others, one].slice(-maxRemembered),
  };
}

/** The register without what it knew of an ended process; its id stays given. */
export function registerForgotten(register: Register, process: ProcessId): Register {
  return { ...register, latest: register.latest.filter((one) => one.process !== process) };
}

/** Whether `process` was ever given on this machine. */
export function wasGiven(register: Register, process: ProcessId): boolean {
  return Number(process.slice(1)) < register.next;
}

/** The register on disk; empty where there is none yet. Throws where it cannot be read: ids must not be given twice. */
export function readRegister(path: string): Register {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyRegister;
    throw error;
  }
  return JSON.parse(text) as Register;
}

export function writeRegister(path: string, register: Register): void {
  replaceDurably(path, JSON.stringify(register));
}

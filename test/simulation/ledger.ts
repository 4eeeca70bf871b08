// What really happened on the machine, written down beside everything that is simulated: who was started for which
// command, what each child printed and how it ended.

import type { RunSpec } from "@longwire/runner/src/shim/run-spec.ts";

export interface RunAccount {
  readonly key: string;
  readonly pieces: Buffer[];
  bytes: number;
  returncode: number | null;
  /** It is not slowed where its spool is full: its oldest output goes. */
  readonly overflows: boolean;
  /** Its shim was killed, so that nobody saw its end. */
  isKilled: boolean;
}

export class Ledger {
  readonly runs = new Map<string, RunAccount>();
  readonly #started = new Map<string, number>();
  spawns = 0;

  noteSpawn(spec: RunSpec): void {
    this.spawns++;
    this.#started.set(spec.command_id, (this.#started.get(spec.command_id) ?? 0) + 1);
    const key = keyOf(spec.process, spec.run);
    this.runs.set(key, { key, overflows: spec.label.tty, pieces: [], bytes: 0, returncode: null, isKilled: false });
  }

  /** Commands for which more than one process was started. */
  get startedTwice(): string[] {
    return [...this.#started].filter(([, count]) => count > 1).map(([id]) => id);
  }

  notePrinted(spec: RunSpec, piece: Buffer): void {
    const run = this.#of(spec);
    run?.pieces.push(Buffer.from(piece));
    if (run !== undefined) run.bytes += piece.byteLength;
  }

  noteEnd(spec: RunSpec, returncode: number): void {
    const run = this.#of(spec);
    if (run !== undefined) run.returncode = returncode;
  }

  noteKilled(spec: RunSpec): void {
    const run = this.#of(spec);
    if (run !== undefined) run.isKilled = true;
  }

  #of({ process, run }: RunSpec): RunAccount | undefined {
    return this.runs.get(keyOf(process, run));
  }
}

export const keyOf = (process: string, run: number): string => `${process}.${run}`;

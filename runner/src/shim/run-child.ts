// A run's first process as the shim deals with it, whether it has pipes or a terminal.

import type { EndReason } from "@longwire/shared/process-state.ts";
import type { outputStreams } from "@longwire/shared/wire/facts.ts";
import type { Redaction } from "../redact/redaction.ts";
import type { InputQueue } from "./input-queue.ts";

export type StreamName = (typeof outputStreams)[number];

/** Told of every piece, which is never empty, at most `maxRecordPayloadBytes` long, and holds until the call returns. */
export type OnOutput = (stream: StreamName, piece: Buffer) => void;

/** What a child prints, while it is read. */
export interface Output {
  /** Resolves when nothing more can come. */
  readonly ended: Promise<void>;
  readonly paused: boolean;
  /** While paused nothing is read, and a child that writes on comes to wait in its write. */
  setPaused(paused: boolean): void;
  /** The child is gone: what is left is read to its end, whatever room there is. */
  readRest(): void;
  /** Gives up on what is still open, and hands over what was held back. */
  close(): void;
}

/** How a first process ended. Both null: nobody can say. */
export interface Exit {
  readonly returncode: number | null;
  readonly signal: string | null;
}

export interface RunChild {
  readonly pid: number;
  readonly exit: Promise<Exit>;
  readonly input: InputQueue;
  /** Begins to read; until then what is printed waits. Called once. What is told is masked. */
  readonly follow: (redaction: Redaction, onOutput: OnOutput) => Output;
  /** Null: it has no terminal. */
  readonly resize: ((cols: number, rows: number) => void) | null;
}

/** A child, or why there is none. */
export type SpawnResult =
  | { readonly type: "spawned"; readonly child: RunChild }
  /** `reason`: `spawn_failed` unless it says another. */
  | { readonly type: "failed"; readonly reason?: EndReason; readonly detail: string };

// Starts a program in a terminal of its own, by the native part of node-pty alone: its JavaScript part would close the
// terminal 200 ms after the exit, read or not, and waits in its writes. Loaded only here, so other runs start no slower.

import { constants, openSync } from "node:fs";
import { createRequire } from "node:module";
import { constants as system } from "node:os";
import { InputQueue } from "./input-queue.ts";
import type { Exit, SpawnResult } from "./run-child.ts";
import type { TerminalSpec } from "./run-spec.ts";
import { foreseeSpawnFailure } from "./spawn-failure.ts";
import { TerminalOutput } from "./terminal-output.ts";
import { writeSome } from "./write-some.ts";

/** What is used of node-pty's native part, as of 1.1.0. */
interface NativeTerminals {
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helper: string,
    onExit: (code: number, signal: number) => void,
  ): { readonly fd: number; readonly pid: number; readonly pty: string };
  resize(fd: number, cols: number, rows: number): void;
}

export interface TerminalSpawn {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly terminal: TerminalSpec;
}

/** Keep the user and group as they are. */
const same = -1;
/** Ctrl-D, as a terminal is set up. */
const endOfInput = Uint8Array.of(4);

export function spawnInTerminal({ argv, cwd, env, terminal }: TerminalSpawn): SpawnResult {
  const [program = "", ...parameters] = argv;
  const failure = foreseeSpawnFailure(program, cwd, env["PATH"] ?? "");
  if (failure !== null) return { type: "failed", detail: failure };
  try {
    const native = createRequire(terminal.module)(terminal.module) as NativeTerminals;
    const { cols, rows, helper } = terminal;
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const ended = Promise.withResolvers<Exit>();
    const onExit = (code: number, signal: number): void => ended.resolve(toExit(code, signal));
    const { fd, pid, pty } = native.fork(
      program,
      parameters,
      variables,
      cwd,
      cols,
      rows,
      same,
      same,
      true,
      helper,
      onExit,
    );
    const hold = openSync(pty, constants.O_RDWR | constants.O_NOCTTY);
    let output: TerminalOutput | null = null;
    const write = (bytes: Uint8Array): number => {
      if (output?.isOpen === false) throw new Error("the terminal is closed");
      return writeSome(fd, bytes);
    };
    return {
      type: "spawned",
      child: {
        pid,
        exit: ended.promise,
        input: new InputQueue({ write, close: () => {}, endOfInput }),
        follow: (redaction, onOutput) => (output = new TerminalOutput(fd, hold, redaction, onOutput)),
        resize: (width, height) => {
          if (output?.isOpen !== false) native.resize(fd, width, height);
        },
      },
    };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { type: "failed", detail: `A terminal could not be opened: ${words}` };
  }
}

function toExit(code: number, signal: number): Exit {
  if (signal === 0) return { returncode: code, signal: null };
  const name = Object.entries(system.signals).find(([, number]) => number === signal)?.[0];
  return { returncode: null, signal: name ?? `SIG${signal}` };
}

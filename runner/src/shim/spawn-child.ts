// Starts a run's first process, as leader of its own session and process group: on pipes, or in a terminal.

import { spawn } from "node:child_process";
import type { RunLabel } from "@longwire/shared/wire/facts.ts";
import { markerName } from "../processes/process-table.ts";
import { Capture } from "./capture.ts";
import { type ChildPipes, openChildPipes } from "./child-pipes.ts";
import { findChange, identifyBound } from "./file-identity.ts";
import { InputQueue } from "./input-queue.ts";
import type { Exit, SpawnResult } from "./run-child.ts";
import type { RunSpec } from "./run-spec.ts";
import { explainSpawnFailure } from "./spawn-failure.ts";
import { spawnInTerminal } from "./spawn-in-terminal.ts";

/** Program and arguments of a run: a shell command is given to `/bin/sh -c`. */
export function argvOf(label: Pick<RunLabel, "command" | "argv">): readonly string[] {
  return label.argv ?? ["/bin/sh", "-c", label.command ?? ""];
}

/** Starts what `spec` says. Its input stays open until it is closed. */
export function spawnChild(
  folder: string,
  spec: RunSpec,
  environment: Readonly<Record<string, string>>,
): Promise<SpawnResult> {
  const argv = argvOf(spec.label);
  const change = findBoundChange(spec, argv, environment);
  if (change !== null) return Promise.resolve({ type: "failed", reason: "denied", detail: change });
  const env = { ...environment, [markerName]: spec.marker };
  if (spec.terminal === undefined) return spawnOnPipes({ folder, argv, cwd: spec.label.cwd, env, merge: spec.merge });
  return Promise.resolve(spawnInTerminal({ argv, cwd: spec.label.cwd, env, terminal: spec.terminal }));
}

/** What is not as it was when the owner approved the run, in words; null where all is. */
function findBoundChange(
  { bound, label }: RunSpec,
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
): string | null {
  if (bound === undefined) return null;
  const change = findChange(bound, identifyBound(argv, label.cwd, environment["PATH"]));
  return change === null ? null : `The ${change} is another one than its owner approved. Nothing was started.`;
}

interface PipedSpawn {
  readonly folder: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly merge: boolean | undefined;
}

async function spawnOnPipes({ folder, argv, cwd, env, merge = false }: PipedSpawn): Promise<SpawnResult> {
  const [program = "", ...parameters] = argv;
  let pipes: ChildPipes | null = null;
  try {
    pipes = openChildPipes(folder, merge);
    const child = spawn(program, parameters, { cwd, env, detached: true, stdio: [...pipes.stdio] });
    // Why there is none is told by an event.
    if (child.pid === undefined) throw await new Promise<Error>((resolve) => child.once("error", resolve));
    const exit = new Promise<Exit>((resolve) => {
      child.once("exit", (returncode, signal) => resolve({ returncode, signal }));
    });
    const { output, input } = pipes.handOver(child);
    return {
      type: "spawned",
      child: {
        pid: child.pid,
        exit,
        input: new InputQueue(input),
        follow: (redaction, onOutput) => new Capture(output, redaction, onOutput),
        resize: null,
      },
    };
  } catch (error) {
    pipes?.discard();
    return { type: "failed", detail: explainSpawnFailure(error, program, cwd, env["PATH"] ?? "") };
  }
}

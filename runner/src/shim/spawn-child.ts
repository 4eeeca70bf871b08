// Starts a run's first process, and explains in words why that failed.

import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import type { RunLabel } from "@longwire/shared/wire/facts.ts";
import { markerName } from "../processes/process-table.ts";
import { type OpenPipe, openChildPipes } from "./child-pipes.ts";

export type SpawnResult =
  | {
      readonly type: "spawned";
      readonly pid: number;
      readonly child: ChildProcess;
      readonly stdout: OpenPipe;
      readonly stderr: OpenPipe;
    }
  | { readonly type: "failed"; readonly detail: string };

/** Program and arguments of a run: a shell command is given to `/bin/sh -c`. */
export function argvOf(label: Pick<RunLabel, "command" | "argv">): readonly string[] {
  return label.argv ?? ["/bin/sh", "-c", label.command ?? ""];
}

/** Starts `label` as leader of its own session and process group, with pipes; its standard input stays open. */
export async function spawnChild(
  folder: string,
  label: RunLabel,
  environment: Readonly<Record<string, string>>,
  marker: string,
): Promise<SpawnResult> {
  const [program = "", ...parameters] = argvOf(label);
  const env = { ...environment, [markerName]: marker };
  const pipes = openChildPipes(folder);
  try {
    const child = spawn(program, parameters, { cwd: label.cwd, env, detached: true, stdio: [...pipes.stdio] });
    if (child.pid !== undefined) return { type: "spawned", child, pid: child.pid, ...pipes.handOver(child) };
    // Why there is none is told by an event.
    throw await new Promise<Error>((resolve) => child.once("error", resolve));
  } catch (error) {
    pipes.discard();
    return { type: "failed", detail: explainSpawnFailure(error, program, label.cwd, environment["PATH"] ?? "") };
  }
}

function explainSpawnFailure(error: unknown, program: string, cwd: string, path: string): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const folder = explainFolder(cwd);
  if (folder !== null) return folder;
  const named = JSON.stringify(program);
  switch (code) {
    case "ENOENT":
      return program.includes("/")
        ? `There is no program ${named}, or the interpreter its first line names is missing.`
        : `There is no program ${named} in PATH (${path}).`;
    case "EACCES":
      return `${named} may not be executed: check that it is a file with the execute permission.`;
    case "ENOEXEC":
      return `${named} is no program this machine can run.`;
    case "E2BIG":
      return "Arguments and environment together are too long for the system.";
    case "EAGAIN":
    case "ENOMEM":
    case "EMFILE":
    case "ENFILE":
      return `The system has no room for another process (${code}).`;
    default:
      return `${named} could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What is wrong with the working folder, which the system reports as if the program were missing. */
function explainFolder(cwd: string): string | null {
  try {
    if (!statSync(cwd).isDirectory()) return `The working folder ${cwd} is no folder.`;
    accessSync(cwd, constants.X_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT"
      ? `The working folder ${cwd} does not exist any more.`
      : `The working folder ${cwd} may not be entered.`;
  }
}

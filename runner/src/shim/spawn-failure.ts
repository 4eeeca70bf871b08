// Why a program could not be started, in words.

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

export function explainSpawnFailure(error: unknown, program: string, cwd: string, path: string): string {
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

/**
 * What speaks against starting `program`, seen beforehand; null where nothing does. For a child whose own attempt
 * cannot be told from an exit.
 */
export function foreseeSpawnFailure(program: string, cwd: string, path: string): string | null {
  const places = program.includes("/") ? [resolve(cwd, program)] : path.split(":").map((one) => join(one, program));
  const code = places.some(isExecutable) ? null : places.some((one) => existsSync(one)) ? "EACCES" : "ENOENT";
  const folder = explainFolder(cwd);
  if (folder !== null || code === null) return folder;
  return explainSpawnFailure({ code }, program, cwd, path);
}

/** Whether `path` is a file that may be executed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
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

// Starts shims. The program is run from a copy in the data folder, named by its content: the package it came from may
// be replaced while shims live, and an adopted shim may be of an earlier version.

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { encodeRunSecrets, type RunSecrets } from "../shim/run-secrets.ts";
import { runFiles } from "../shim/run-spec.ts";
import { installFile } from "./install-file.ts";

/** All a shim needs of an environment: it finds programs for its child by the child's own. Holds no secret. */
const shimEnvironment = { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" };

/** Copies the program at `source` to `folder` where it is not there yet; the copy's path. */
export function installShim(source: string, folder: string): string {
  return installFile(readFileSync(source), folder, "shim", ".mjs", 0o600);
}

/** Under a flood of output a small young generation keeps a shim at 87 MB instead of 112, and costs no throughput. */
const shimFlags = ["--max-semi-space-size=1"];

export interface LaunchedShim {
  /** The connection that the shim is attached by from its start; ends when it does. */
  readonly socket: Duplex;
  /** Ends the shim, whatever it does; its child, if it has one, lives on. */
  readonly kill: () => void;
}

export interface ShimProgram {
  /** The shim's file. */
  readonly file: string;
  /** What goes before it, as found by `findSubreaper`. */
  readonly subreaper: readonly [string, ...string[]] | null;
}

/** Launches the shim of the run in `folder`, detached from this process. Null: the system has no room for it. */
export function launchShim({ file, subreaper }: ShimProgram, folder: string, secrets: RunSecrets): LaunchedShim | null {
  const [program, ...parameters] = [...(subreaper ?? []), process.execPath, ...shimFlags, file, folder];
  if (program === undefined) return null;
  const log = openSync(join(folder, runFiles.shimLog), "a", 0o600);
  try {
    const shim = spawn(program, parameters, {
      cwd: "/",
      env: shimEnvironment,
      detached: true,
      stdio: ["ignore", "ignore", log, "pipe"],
    });
    shim.on("error", () => {});
    shim.unref();
    const socket = shim.stdio[3];
    if (shim.pid === undefined || socket === null || socket === undefined) return null;
    const duplex = socket as Duplex;
    duplex.write(encodeRunSecrets(secrets));
    return { socket: duplex, kill: () => void shim.kill("SIGKILL") };
  } catch {
    return null;
  } finally {
    closeSync(log);
  }
}

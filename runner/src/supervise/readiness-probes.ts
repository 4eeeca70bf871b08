// One look each at what shows that a run is ready: a port of its own that listens, an answer over HTTP, a command that
// ends with 0. In words what was found, or null.

import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { execa } from "execa";
import { ProcessTree } from "../processes/end-tree.ts";
import { findListeners } from "../processes/listening-ports.ts";
import { readShimStatus } from "../shim/shim-status.ts";

const httpWithinMs = 2000;
const commandWithinMs = 30_000;

/** Whether a process of the run in `folder` listens on `port`. */
export function probePort(folder: string, marker: string, port: number): string | null {
  const status = readShimStatus(folder);
  if (status === null || status.child === null) return null;
  const pids = new ProcessTree(status.child, marker, status.shim.pid).look().map(({ pid }) => pid);
  const isOpen = findListeners(pids).some((one) => one.port === port);
  return isOpen ? `Port ${port} listens.` : null;
}

/** Whether `url`, which is of this machine, answers a GET with `status`, or any of 200 to 399. Follows no redirect. */
export async function probeHttp(url: string, status: number | undefined, over: AbortSignal): Promise<string | null> {
  const signal = AbortSignal.any([over, AbortSignal.timeout(httpWithinMs)]);
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  const got = await new Promise<number | null>((resolve) => {
    // A certificate of a development server is signed by nobody, and nothing is told to who answers.
    const asked = request(url, { signal, agent: false, rejectUnauthorized: false }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? null);
    });
    asked.on("error", () => resolve(null));
    asked.end();
  });
  const isMet = got !== null && (status === undefined ? got >= 200 && got < 400 : got === status);
  return isMet ? `${url} answers ${got}.` : null;
}

export interface CommandSurroundings {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Whether `command` ends with 0, given to `/bin/sh` in the run's own surroundings. */
export async function probeCommand(command: string, surroundings: CommandSurroundings): Promise<string | null> {
  const { cwd, environment, signal } = surroundings;
  const { exitCode } = await execa("/bin/sh", ["-c", command], {
    cwd,
    env: environment,
    extendEnv: false,
    stdio: "ignore",
    reject: false,
    timeout: commandWithinMs,
    cancelSignal: signal,
  });
  return exitCode === 0 ? `${JSON.stringify(command.slice(0, 200))} ended with 0.` : null;
}

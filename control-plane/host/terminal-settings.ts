// How the terminal is set, so that it can be set so again: a runner that is killed while it asks there leaves it with
// keys that are neither seen nor signals.

import { spawnSync } from "node:child_process";

/** `stty` of a job in the background would be stopped by the terminal. */
const patienceMs = 1000;

/** Puts back the settings the terminal on standard input has now. Does nothing where they cannot be told. */
export function keepTerminalSettings(): () => void {
  const settings = stty("-g").trim();
  if (!/^[0-9A-Za-z:=]+$/.test(settings)) return () => {};
  return () => void stty(settings);
}

function stty(argument: string): string {
  const { stdout } = spawnSync("stty", [argument], {
    stdio: [0, "pipe", "ignore"],
    encoding: "utf8",
    timeout: patienceMs,
    killSignal: "SIGKILL",
  });
  return stdout ?? "";
}

// `runner restart`: stops a process and begins its next run.

import { exitCodes } from "../cli/exit.ts";
import { jsonLine, note, print } from "./print.ts";
import { machineOptions, machineUsage, reachMachine } from "./reach-machine.ts";
import { readArguments } from "./read-arguments.ts";
import { sayName, sayState } from "./say-process.ts";

const form = {
  command: "restart",
  usage: `runner restart P [options]    stop a process and begin its next run; one that has ended begins at once

${machineUsage}`,
  options: machineOptions,
  words: [1, 1],
} as const;

/** The exit code. */
export async function restart(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const [name = ""] = read.words;
  const { json } = read.values;
  const view = await (await reachMachine(read.values)).client.restart(name);
  if (json) await print(process.stdout, jsonLine(view));
  else note(`${sayName(view)}, run ${view.run}: ${sayState(view)}.`);
  return exitCodes.ok;
}

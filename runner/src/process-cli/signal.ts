// `runner signal`: sends a process a signal.

import { signalNames } from "@longwire/shared/signals.ts";
import { exitCodes } from "../cli/exit.ts";
import { jsonLine, note, print } from "./print.ts";
import { machineOptions, machineUsage, reachMachine } from "./reach-machine.ts";
import { readArguments, wrongUse } from "./read-arguments.ts";
import { readSignal } from "./read-signal.ts";
import { sayName, sayState } from "./say-process.ts";

const form = {
  command: "signal",
  usage: `runner signal P SIG [options]    send a process's group a signal, such as HUP or SIGUSR1

  --tree          the whole tree, also what left the group
${machineUsage}`,
  options: { ...machineOptions, tree: { type: "boolean", default: false } },
  words: [2, 2],
} as const;

/** The exit code. */
export async function signal(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const [name = "", text = ""] = read.words;
  const found = readSignal(text);
  if (found === null) throw wrongUse(form, `there is no signal ${text}; there are ${signalNames.join(", ")}.`);
  const { tree, json } = read.values;
  const view = await (await reachMachine(read.values)).client.signal(name, { signal: found, tree });
  if (json) await print(process.stdout, jsonLine({ process: view }));
  else note(`${sayName(view)} has its ${found}: ${sayState(view)}.`);
  return exitCodes.ok;
}

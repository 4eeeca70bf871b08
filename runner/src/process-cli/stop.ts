// `runner stop`: ends a process with its whole tree.

import { maxGraceMs } from "@longwire/shared/limits.ts";
import { exitCodes } from "../cli/exit.ts";
import { readDuration } from "../cli/token-options.ts";
import { sayEnd } from "./end-of-run.ts";
import { jsonLine, note, print } from "./print.ts";
import { machineOptions, machineUsage, reachMachine } from "./reach-machine.ts";
import { readArguments, wrongUse } from "./read-arguments.ts";
import { readSignal } from "./read-signal.ts";
import { sayName, saySurvivors } from "./say-process.ts";

const form = {
  command: "stop",
  usage: `runner stop P [options]    end a process, by its name or id, with all it has started

It gets SIGINT, as from Ctrl-C, then SIGTERM, then SIGKILL, each after its grace. 0 once nobody is left, 1 with who is.

  --signal S      the first signal, in place of SIGINT
  --grace T       how long each may take, such as 10s; at most ${maxGraceMs / 1000}s; default: 5s
${machineUsage}`,
  options: { ...machineOptions, signal: { type: "string", short: "s" }, grace: { type: "string" } },
  words: [1, 1],
} as const;

/** The exit code. */
export async function stop(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const { signal: named, grace, json } = read.values;
  const signal = named === undefined ? undefined : readSignal(named);
  if (signal === null) throw wrongUse(form, `there is no signal ${named}.`);
  const graceMs = grace === undefined ? undefined : readDuration(grace);
  if (graceMs === null || (graceMs ?? 0) > maxGraceMs) throw wrongUse(form, `--grace ${grace} is no time up to 20s.`);
  const { client } = await reachMachine(read.values);
  const [name = ""] = read.words;
  const how = { ...(signal && { signal }), ...(graceMs === undefined ? {} : { grace_ms: graceMs }) };
  const answer = await client.stop(name, how);
  const { stopped, survivors, process: view } = answer;
  if (json) await print(process.stdout, jsonLine(answer));
  else if (stopped) note(`${sayName(view)} ${sayEnd(view)}.`);
  else note(saySurvivors(sayName(view), survivors));
  return stopped ? exitCodes.ok : exitCodes.failed;
}

// `runner attach`: sits down at a process's terminal.

import type { Client } from "@longwire/shared/client/client.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { machineOptions, machineUsage, reachMachine } from "./reach-machine.ts";
import { readArguments } from "./read-arguments.ts";
import { sayEnd } from "./end-of-run.ts";
import { sayName } from "./say-process.ts";
import { checkTerminal, sitAt } from "./sit-at.ts";

const { json: _, ...options } = machineOptions;
const form = {
  command: "attach",
  usage: `runner attach P [options]    sit down at a process's terminal: all keys go there, its size follows yours

Ctrl-] leaves it running, with 0. Where it ends, its exit code is this command's.

${machineUsage.replace(/^ {2}--json.*\n/m, "")}`,
  options,
  words: [1, 1],
} as const;

/** How much of what it printed is shown first; a screen or two, and less than is always kept. */
const shownBytes = 32 * 1024;

/** The exit code. */
export async function attach(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const own = checkTerminal();
  const [name = ""] = read.words;
  const reached = await reachMachine(read.values);
  const { client } = reached;
  const { head } = await client.machine();
  const view = await client.process(name);
  checkSeat(view, reached.sameAgain);
  const { process_id: id, run } = view;
  const { before, from } = await readLast(client, view);
  const seat = { process: id, run, after: head, from, called: view.name ?? id };
  return await sitAt(reached, seat, own, { leftWith: exitCodes.ok, before });
}

function checkSeat(view: Process, sameAgain: string): void {
  const called = view.name ?? view.process_id;
  if (hasEnded(view.state)) throw new CliFailure(`${sayName(view)} ${sayEnd(view)}.`, exitCodes.failed);
  if (view.tty) return;
  const how = `\`runner logs -f ${called}${sameAgain}\` shows it, \`runner send ${called}${sameAgain} TEXT\` types to it`;
  throw new CliFailure(`${sayName(view)} has no terminal: ${how}.`, exitCodes.failed);
}

/** The last it printed, from the beginning of a line on, and the offset behind it. */
async function readLast(
  client: Client,
  { process_id: id, run, output_bytes: bytes }: Process,
): Promise<{ readonly before: Uint8Array; readonly from: number }> {
  const begin = Math.max(0, bytes - shownBytes);
  const { output, nextCursor } = await client.rawOutput(id, { after: `${run}.${begin}` });
  const from = Number(nextCursor.split(".")[1]);
  return { before: begin === 0 ? output : output.subarray(output.indexOf(10) + 1), from };
}

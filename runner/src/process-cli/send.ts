// `runner send`: types a line to a process.

import { exitCodes } from "../cli/exit.ts";
import { jsonLine, note, print } from "./print.ts";
import { machineOptions, machineUsage, reachMachine } from "./reach-machine.ts";
import { readArguments, wrongUse } from "./read-arguments.ts";
import { sayName } from "./say-process.ts";

const form = {
  command: "send",
  usage: `runner send P TEXT [options]    type a line to a process: TEXT and Enter
runner send P --key K …         press keys, such as Up, Ctrl-C, Alt-b or F5; of a terminal

  --no-enter      TEXT alone
  --key K         repeatable; pressed after TEXT, without Enter
  --close         then end its input
${machineUsage}`,
  options: {
    ...machineOptions,
    "no-enter": { type: "boolean", default: false },
    key: { type: "string", short: "k", multiple: true },
    close: { type: "boolean", default: false },
  },
  words: [1, 2],
} as const;

/** The exit code: 0 once it waits to be read. */
export async function send(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const [name = "", text] = read.words;
  const { "no-enter": bare, key: keys, close, json } = read.values;
  if (text === undefined && keys === undefined && !close) throw wrongUse(form, "say what to send.");
  const enter = text !== undefined && keys === undefined && !bare;
  const what = { ...(text === undefined ? {} : { text }), ...(keys && { keys }), enter, close };
  const answer = await (await reachMachine(read.values)).client.input(name, what);
  if (json) await print(process.stdout, jsonLine(answer));
  else note(`${sayName(answer.process)} has it.`);
  return exitCodes.ok;
}

// `runner ps`: what runs, and what ended last.

import type { Process } from "@longwire/shared/api/views.ts";
import { readPages } from "@longwire/shared/client/read-pages.ts";
import { processStates } from "@longwire/shared/process-state.ts";
import { exitCodes } from "../cli/exit.ts";
import { plain } from "../policy-cli/say.ts";
import { isColoured, jsonLine, note, print } from "./print.ts";
import { machineOptions, machineUsage, reachMachine } from "./reach-machine.ts";
import { readArguments, wrongUse } from "./read-arguments.ts";
import { alignRows, headings, rowOf } from "./say-process.ts";

const form = {
  command: "ps",
  usage: `runner ps [options]    what runs, and the last that ended

  --all           everything that is remembered
  --state S       only those: ${processStates.join(", ")}
  --tag T         only those with this tag
${machineUsage}`,
  options: {
    ...machineOptions,
    all: { type: "boolean", short: "a", default: false },
    state: { type: "string" },
    tag: { type: "string", short: "t" },
  },
  words: [0, 0],
} as const;

const pageLimit = 200;

/** The exit code. */
export async function ps(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const { all, state: asked, tag, json } = read.values;
  if (all && asked !== undefined) throw wrongUse(form, "give one of --all and --state.");
  const state = asked === undefined ? undefined : processStates.find((one) => one === asked);
  if (asked !== undefined && state === undefined) throw wrongUse(form, `there is no state ${asked}.`);
  const { client } = await reachMachine(read.values);
  const query = { state: all ? "all" : (state ?? "live"), limit: pageLimit, tag } as const;
  const items = await readPages((from) => client.processes({ ...query, ...from }));
  if (json) await print(process.stdout, jsonLine({ items }));
  else if (items.length === 0) note("Nothing runs.");
  else await print(process.stdout, drawTable(items));
  return exitCodes.ok;
}

function drawTable(items: readonly Process[]): string {
  const { stdout } = process;
  const rows = items.map((one) => rowOf(one, Date.now()).map(plain));
  const [head = "", ...lines] = alignRows([headings, ...rows], stdout.isTTY ? stdout.columns : Infinity);
  const title = isColoured(stdout) ? `\u001b[1m${head}\u001b[0m` : head;
  return `${[title, ...lines].join("\n")}\n`;
}

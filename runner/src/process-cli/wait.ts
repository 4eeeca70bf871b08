// `runner wait`: returns once a process has ended, or has come as far as one wants.

import { constants } from "node:os";
import type { WaitAnswer } from "@longwire/shared/api/views.ts";
import type { WaitTerms } from "@longwire/shared/client/waits.ts";
import { exitCodes } from "../cli/exit.ts";
import { readDuration } from "../cli/token-options.ts";
import { plain } from "../policy-cli/say.ts";
import { codeOfEnd, sayEnd } from "./end-of-run.ts";
import { jsonLine, note, print } from "./print.ts";
import { machineOptions, machineUsage, reachMachine } from "./reach-machine.ts";
import { readArguments, wrongUse } from "./read-arguments.ts";
import { sayName } from "./say-process.ts";

const maxIdleMs = 40_000;

const form = {
  command: "wait",
  usage: `runner wait P [options]    wait until a process ends; its exit code is this command's
runner wait P --match RE   until it prints a line in which RE (RE2 syntax) is found, or has printed one; the line is printed
runner wait P --listen     until it listens on a port, which is printed
runner wait P --ready      until what its start called ready holds
runner wait P --idle T     until it has printed nothing for so long, such as 2s; at most ${maxIdleMs / 1000}s

Of several of these the first that comes about ends it, with 0. 1: it ended before, or the time is up.

  --port N        as --listen, of this port
  --timeout T     how long at most, such as 90s or 10m; default: as long as it takes
${machineUsage}`,
  options: {
    ...machineOptions,
    match: { type: "string" },
    listen: { type: "boolean", default: false },
    port: { type: "string" },
    ready: { type: "boolean", default: false },
    idle: { type: "string" },
    timeout: { type: "string" },
  },
  words: [1, 1],
} as const;

type Values = NonNullable<ReturnType<typeof readArguments<(typeof form)["options"]>>>["values"];

/** The exit code. */
export async function wait(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const [name = ""] = read.words;
  const terms = readTerms(read.values);
  const { timeout, json } = read.values;
  const timeoutMs = timeout === undefined ? Infinity : readDuration(timeout);
  if (timeoutMs === null) throw wrongUse(form, `--timeout ${timeout} is no time such as 90s or 10m.`);
  const { client, patient } = await reachMachine(read.values);
  // Soon says what is wrong, if something is.
  const { process_id: id } = await client.process(name);
  const answer = await patient.waitFor(id, terms, { timeoutMs });
  if (json) await print(process.stdout, jsonLine(answer));
  else await say(answer, terms);
  return codeOf(answer, terms);
}

function readTerms({ match, listen, port, ready, idle }: Values): WaitTerms {
  const idleMs = idle === undefined ? undefined : readDuration(idle);
  if (idleMs === null || (idleMs ?? 0) > maxIdleMs) throw wrongUse(form, `--idle ${idle} is no time up to 40s.`);
  if (port !== undefined && !/^[1-9][0-9]{0,4}$/.test(port)) throw wrongUse(form, `--port ${port} is no port.`);
  const until = [
    ...(match === undefined ? [] : (["match"] as const)),
    ...(listen || port !== undefined ? (["port"] as const) : []),
    ...(ready ? (["ready"] as const) : []),
    ...(idle === undefined ? [] : (["idle"] as const)),
  ];
  return {
    until: until.length === 0 ? ["exit"] : until,
    ...(match === undefined ? {} : { pattern: match }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(idleMs === undefined ? {} : { idle_ms: idleMs }),
  };
}

const isForEnd = ({ until }: WaitTerms): boolean => until?.includes("exit") ?? true;

async function say({ ended_by: by, match, port, process: view }: WaitAnswer, terms: WaitTerms): Promise<void> {
  if (by === "match") await print(process.stdout, `${plain(match?.text ?? "")}\n`);
  else if (by === "port") await print(process.stdout, `${port ?? ""}\n`);
  else if (by === "time_up") note(`runner: the time is up; ${sayName(view)} is ${view.state}.`);
  else if (by === "denied") note(`runner: the machine's owner said no to ${sayName(view)}.`);
  else if (by === "exit" && (!isForEnd(terms) || view.returncode === null))
    note(`runner: ${sayName(view)} ${sayEnd(view)}.`);
}

function codeOf({ ended_by: by, process: view }: WaitAnswer, terms: WaitTerms): number {
  if (by === "denied") return exitCodes.notAuthorised;
  if (by === "time_up" || by === "budget") return exitCodes.failed;
  if (by !== "exit") return exitCodes.ok;
  return isForEnd(terms) ? codeOfEnd(view, constants.signals) : exitCodes.failed;
}

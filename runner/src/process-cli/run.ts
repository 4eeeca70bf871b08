// `runner run`: starts a command through the machine's runner and follows it to its end.

import { constants } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Machine } from "@longwire/shared/api/views.ts";
import { callingFolder } from "@longwire/shared/node/folders.ts";
import type { Client } from "@longwire/shared/client/client.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { readParam } from "../policy-cli/read-param.ts";
import { catchInterrupts, type Interrupts } from "./catch-interrupts.ts";
import { codeOfEnd, isUnusual, sayEnd, type RunEnd } from "./end-of-run.ts";
import { followRun, type FollowedRun } from "./follow-run.ts";
import { jsonLine, note, noteAmid, print } from "./print.ts";
import { reachMachine, type Reached } from "./reach-machine.ts";
import { presentEvent } from "./present-event.ts";
import { readRunOptions, type RunOptions, type WhatRuns } from "./run-options.ts";
import { sayPending, saySurvivors } from "./say-process.ts";
import { checkTerminal, sitAt } from "./sit-at.ts";

/** How long another Ctrl-C still stops it. */
const secondPressMs = 3000;
/** What a shell gives for a program that a signal ended. */
const detachedBy = { SIGINT: 130, SIGTERM: 143 } as const;

/** The exit code: the command's own. */
export async function run(args: readonly string[]): Promise<number> {
  const options = readRunOptions(args);
  if (options === null) return exitCodes.ok;
  const terminal = options.tty ? checkTerminal() : null;
  const reached = await reachMachine(options);
  const { client } = reached;
  const machine = await client.machine();
  const cwd =
    machine.machine_id === reached.ownMachine ? path.resolve(callingFolder(), options.cwd ?? ".") : options.cwd;
  const { what, name, tags } = options;
  const request = {
    ...requestOf(what, machine),
    ...(name === undefined ? {} : { name }),
    ...(tags === undefined ? {} : { tags }),
    // A named command runs where its owner says.
    ...(cwd === undefined || ("use" in what && options.cwd === undefined) ? {} : { cwd }),
    ...(terminal === null ? {} : { tty: true, ...terminal.size() }),
  };
  const interrupts = terminal === null ? catchInterrupts() : null;
  const starting = client.start(request);
  const started = await (interrupts === null ? starting : Promise.race([starting, giveUp(interrupts)]));
  const { process_id: id, run: number } = started;
  const followed = { process: id, run: number, after: machine.head, called: started.name ?? id };
  if (terminal !== null) return await sitAt(reached, followed, terminal, { leftWith: detachedBy.SIGINT });
  return await follow(reached, followed, options, interrupts ?? catchInterrupts());
}

/** A Ctrl-C while the start is asked for counts as soon as it is answered; another one does not wait for that. */
async function giveUp({ second }: Interrupts): Promise<never> {
  await second;
  const message = "nobody knows yet whether it was started: `runner ps` shows it.";
  throw new CliFailure(message, detachedBy.SIGINT);
}

function requestOf(what: WhatRuns, { commands }: Machine): Parameters<Client["start"]>[0] {
  if (!("use" in what)) return what;
  const { use, params } = what;
  const declared = commands.find(({ name }) => name === use)?.params ?? {};
  const typed = params.map(([name, text]) => [name, readParam(declared[name]?.type, text)] as const);
  return { use, ...(typed.length === 0 ? {} : { params: Object.fromEntries(typed) }) };
}

interface Called extends FollowedRun {
  /** What people call it. */
  readonly called: string;
}

async function follow(
  reached: Reached,
  followed: Called,
  options: RunOptions,
  { first, second }: Interrupts,
): Promise<number> {
  const gate = new Gate();
  const ended = showToEnd(reached, followed, options, gate);
  const signal = await Promise.race([ended.then(() => null), first]);
  if (signal !== null) {
    gate.close();
    const { called } = followed;
    const back = `runner logs -f ${called}${reached.sameAgain}`;
    const stop = `runner stop ${called}${reached.sameAgain}`;
    const soon = signal === "SIGINT" ? `, or Ctrl-C again within ${secondPressMs / 1000} s` : "";
    noteAmid(`runner: ${called} goes on. Follow it: ${back}. Stop it: ${stop}${soon}.`);
    const again = second.then(() => true);
    if (signal === "SIGTERM" || !(await Promise.race([again, delay(secondPressMs, false)]))) return detachedBy[signal];
    note(`runner: stopping ${called}.`);
    gate.open();
    const { stopped, survivors } = await reached.client.stop(followed.process);
    if (!stopped) {
      note(saySurvivors(called, survivors));
      return exitCodes.failed;
    }
  }
  const end = await ended;
  if (isUnusual(end)) note(`runner: ${followed.called} ${sayEnd(end)}.`);
  return codeOfEnd(end, constants.signals);
}

/** Nothing is shown while it is closed. */
class Gate {
  #passed: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  close(): void {
    this.#passed = new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open();
  }

  async pass(): Promise<void> {
    await this.#passed;
  }
}

async function showToEnd({ patient }: Reached, followed: Called, { json }: RunOptions, gate: Gate): Promise<RunEnd> {
  for await (const item of followRun(patient, followed)) {
    await gate.pass();
    if (json && item.event !== null) await print(process.stdout, jsonLine(presentEvent(item.event)));
    if (item.type === "ended") return item.end;
    if (json) continue;
    if (item.type === "output") {
      await print(item.event.stream === "stderr" ? process.stderr : process.stdout, item.bytes);
    } else if (item.type === "lost") note(`runner: lost: ${item.words}.`);
    else if (item.event.state === "pending") note(`runner: ${followed.called} ${sayPending(item.event)}.`);
  }
  throw new Error("the events ended before the run did");
}

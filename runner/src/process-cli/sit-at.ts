// This terminal becomes that of a process: its keys go there as they are, its size as well, and what the process prints
// comes here as it is. One key leaves.

import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import type { Terminal } from "@longwire/shared/client/terminal.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { codeOfEnd, isUnusual, sayEnd, type RunEnd } from "./end-of-run.ts";
import { followRun, type FollowedRun } from "./follow-run.ts";
import { KeySender } from "./key-sender.ts";
import { LeftModes } from "./left-modes.ts";
import { note, noteAmid, print } from "./print.ts";
import type { Reached } from "./reach-machine.ts";

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** The terminal this is typed in. */
export interface OwnTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly size: () => TerminalSize;
}

/** Throws {@link CliFailure} where this is not typed in one. */
export function checkTerminal(): OwnTerminal {
  const { stdin: input, stdout: output } = process;
  if (!input.isTTY || !output.isTTY) {
    throw new CliFailure("this needs a terminal at both ends: its input and its output.", exitCodes.usage);
  }
  return { input, output, size: () => ({ cols: output.columns, rows: output.rows }) };
}

export interface Seat extends FollowedRun {
  /** What people call it. */
  readonly called: string;
}

export interface SeatOptions {
  /** The exit code of leaving. */
  readonly leftWith: number;
  /** What is shown first: the last it printed. */
  readonly before?: Uint8Array;
}

/** How long whoever leaves waits for what they typed to arrive. */
const lastKeysMs = 2000;

/** The exit code: the process's own, where it ended. */
export async function sitAt(
  { client, patient, sameAgain }: Reached,
  seat: Seat,
  own: OwnTerminal,
  { leftWith, before }: SeatOptions,
): Promise<number> {
  const { called, process: id } = seat;
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  const session = client.terminal(id);
  const failed = Promise.withResolvers<never>();
  const keys = new KeySender({
    send: (data) => session.input({ data_base64: data.toString("base64") }),
    onLeave: leave,
    onFailure: (error) => failed.reject(error),
    onDoubt: () => noteAmid("runner: the connection broke; what was typed last may not have arrived."),
  });
  const modes = new LeftModes();
  const show = async (bytes: Uint8Array): Promise<void> => {
    modes.take(bytes);
    await print(own.output, bytes);
  };
  note(`runner: at ${called}. Ctrl-] leaves it running.`);
  const takeKeys = (data: Buffer): void => keys.take(data);
  const resize = (): void => void session.resize(own.size()).catch(() => undefined);
  process.once("SIGTERM", leave).once("SIGHUP", leave);
  beginRaw(own.input);
  own.input.on("data", takeKeys).on("end", leave).resume();
  own.output.on("resize", resize);
  try {
    if (before !== undefined) {
      await show(before);
      void redraw(session, own.size());
    }
    const end = await Promise.race([followTo(patient, seat, show, leaving.signal), failed.promise]).finally(() => {
      own.input.setRawMode(false);
      own.output.write(modes.restoring());
    });
    if (end === null) {
      await Promise.race([keys.sent(), delay(lastKeysMs)]);
      noteAmid(`runner: ${called} goes on. Back to it: runner attach ${called}${sameAgain}.`);
      return leftWith;
    }
    if (isUnusual(end)) note(`runner: ${called} ${sayEnd(end)}.`);
    return codeOfEnd(end, constants.signals);
  } finally {
    own.input.setRawMode(false);
    own.input.off("data", takeKeys).pause();
    own.output.off("resize", resize);
    session.close();
  }
}

/** Keys come one by one, and bytes go out as they are; `setRawMode(false)` puts back both. */
function beginRaw(input: NodeJS.ReadStream): void {
  input.setRawMode(true);
  // Node leaves the terminal to put a carriage return before each line feed, which full-screen programs use by itself.
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
}

/** How the run ended; null where `signal` came first. */
async function followTo(
  client: Reached["patient"],
  seat: Seat,
  show: (bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<RunEnd | null> {
  try {
    for await (const item of followRun(client, seat, signal)) {
      if (item.type === "output") await show(item.bytes);
      else if (item.type === "lost") noteAmid(`runner: lost: ${item.words}.`);
      else if (item.type === "ended") return item.end;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return null;
}

/** A program draws its screen anew when its size changes, so it is given another one first. */
async function redraw(session: Terminal, { cols, rows }: TerminalSize): Promise<void> {
  try {
    if (rows > 1) await session.resize({ cols, rows: rows - 1 });
    await session.resize({ cols, rows });
  } catch (error) {
    // What it shows is then as old as its output.
    if (!(error instanceof LongwireError)) throw error;
  }
}

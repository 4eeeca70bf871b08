// What reading a command's arguments comes to: its options, or what is wrong with them.

import { reasonOf } from "@longwire/shared/reason-of.ts";
import { CliFailure, exitCodes } from "./exit.ts";

export type Parsed<T> = { readonly ok: true; readonly value: T } | Unfit;

interface Unfit {
  readonly ok: false;
  readonly message: string;
}

export function fail(message: string): Unfit {
  return { ok: false, message };
}

/** What `read` makes of the arguments; what `parseArgs` throws at them, such as an unknown option, is what is wrong. */
export function readParsed<T>(read: () => Parsed<T>): Parsed<T> {
  try {
    return read();
  } catch (error) {
    return fail(reasonOf(error));
  }
}

/** The options; throws what is wrong with the arguments of `command`, and how it is used. */
export function optionsOf<T>(parsed: Parsed<T>, command: string, usage: string): T {
  if (!parsed.ok) throw new CliFailure(`${command}: ${parsed.message}\n\n${usage}`, exitCodes.usage);
  return parsed.value;
}

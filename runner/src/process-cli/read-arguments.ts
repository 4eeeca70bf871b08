// The arguments of a command, read strictly: what it does not know ends it with what it does.

import { parseArgs, type ParseArgsConfig } from "node:util";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
interface Shape<O extends Options> {
  readonly args: string[];
  readonly options: O;
  readonly allowPositionals: true;
}

export interface CommandForm<O extends Options> {
  readonly command: string;
  readonly usage: string;
  readonly options: O;
  /** How many words it takes beside its options, at least and at most. */
  readonly words: readonly [least: number, most: number];
}

export interface ReadArguments<O extends Options> {
  readonly values: ReturnType<typeof parseArgs<Shape<O>>>["values"];
  readonly words: readonly string[];
}

/** Null where help was asked for, which is then printed. Throws {@link CliFailure} with what is wrong. */
export function readArguments<const O extends Options>(
  form: CommandForm<O>,
  args: readonly string[],
): ReadArguments<O> | null {
  const { usage, options, words } = form;
  if (asksForHelp(args)) {
    process.stdout.write(usage);
    return null;
  }
  try {
    const { values, positionals } = parseArgs<Shape<O>>({ args: [...args], options, allowPositionals: true });
    const [least, most] = words;
    if (positionals.length < least) throw new Error("something is missing.");
    if (positionals.length > most) throw new Error(`${positionals[most]} is one word too many.`);
    return { values, words: positionals };
  } catch (error) {
    throw wrongUse(form, reasonOf(error));
  }
}

/** A use of the command that makes no sense, with what would. */
export function wrongUse({ command, usage }: Pick<CommandForm<Options>, "command" | "usage">, why: string): CliFailure {
  return new CliFailure(`${command}: ${why}\n\n${usage}`, exitCodes.usage);
}

/** Among the options, before a `--`. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

// The commands about processes, by name.

import { attach } from "./attach.ts";
import { logs } from "./logs.ts";
import { ps } from "./ps.ts";
import { restart } from "./restart.ts";
import { run } from "./run.ts";
import { send } from "./send.ts";
import { signal } from "./signal.ts";
import { stop } from "./stop.ts";
import { wait } from "./wait.ts";

type Command = (args: readonly string[]) => Promise<number>;

export const processCommands: ReadonlyMap<string, Command> = new Map([
  ["run", run],
  ["ps", ps],
  ["logs", logs],
  ["attach", attach],
  ["stop", stop],
  ["restart", restart],
  ["signal", signal],
  ["send", send],
  ["wait", wait],
]);

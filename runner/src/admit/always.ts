// Exact commands the owner allowed for good at a prompt. Nothing is taken apart or matched in part: the same command or
// arguments, in the same folder, with nothing beside them that could make them do something else.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { ExactCommand, PolicyFile } from "./policy-schema.ts";
import { isListed } from "./variable-names.ts";

/** Whether the file's `always` covers all that `request` would run in `cwd`, the command of its `ready` included. */
export function isAlwaysAllowed({ always, env }: PolicyFile, request: StartRequest, cwd: string): boolean {
  const { command, argv, ready } = request;
  if (!canBeAlways(request, env.allow ?? [])) return false;
  const has = (one: Pick<ExactCommand, "command" | "argv">): boolean => {
    return always.some((exact) => exact.cwd === cwd && keyOf(exact) === keyOf(one));
  };
  return has({ command, argv }) && (ready?.command === undefined || has({ command: ready.command }));
}

/** Whether a start is no more than its command and folder. `allowed`: variables the owner lets any caller set. */
export function canBeAlways({ stdin, env = {} }: StartRequest, allowed: readonly string[]): boolean {
  return stdin === undefined && Object.keys(env).every((name) => isListed(name, allowed));
}

function keyOf({ command, argv }: Pick<ExactCommand, "command" | "argv">): string {
  return JSON.stringify([command, argv]);
}

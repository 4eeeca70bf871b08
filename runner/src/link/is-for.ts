// Whether a command is this machine's to carry out. Pure.

import type { Command } from "@longwire/shared/wire/commands.ts";

/** A command that names no machine comes from a control plane that does not address them yet. */
export function isFor(command: Command, machineId: string): boolean {
  return command.machine_id === undefined || command.machine_id === machineId;
}

// Running as root outside a container hands the whole machine over: it needs to be asked for.

import { existsSync } from "node:fs";
import { CliFailure, exitCodes } from "./exit.ts";

function isContainer(): boolean {
  return existsSync("/.dockerenv") || existsSync("/run/.containerenv") || process.env["container"] !== undefined;
}

/** Fails where the runner would run as root unasked; says so loudly where it does. */
export function checkRoot(allowRoot: boolean): void {
  if (process.getuid?.() !== 0) return;
  if (!allowRoot && !isContainer()) {
    throw new CliFailure(
      "this would run commands as root. Start it as an ordinary user, or add --allow-root if you mean it.",
      exitCodes.usage,
    );
  }
  process.stderr.write("WARNING: running as root: every command started through Longwire runs as root.\n");
}

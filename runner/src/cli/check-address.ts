// What counts as the address of a control plane.

import { CliFailure, exitCodes } from "./exit.ts";

/** Throws {@link CliFailure} where `server` is no address of a control plane. */
export function checkAddress(server: string): void {
  const protocol = URL.parse(server)?.protocol;
  if (protocol === "http:" || protocol === "https:") return;
  throw new CliFailure(`${JSON.stringify(server)} is no address of a control plane.`, exitCodes.usage);
}

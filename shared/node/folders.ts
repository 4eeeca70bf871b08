// Where a user's state and settings lie when nobody says otherwise.

import { homedir } from "node:os";
import path from "node:path";

/** `longwire` under the user's state directory (XDG on Linux, Application Support on macOS). */
export function defaultDataFolder(): string {
  const { XDG_STATE_HOME: xdg } = process.env;
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, "longwire");
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Application Support", "longwire");
  return path.join(homedir(), ".local", "state", "longwire");
}

/** `longwire/policy.json` under the user's config directory (XDG on Linux, Application Support on macOS). */
export function defaultPolicyFile(): string {
  const { XDG_CONFIG_HOME: xdg } = process.env;
  return path.join(configFolder(xdg), "longwire", "policy.json");
}

function configFolder(xdg: string | undefined): string {
  if (xdg !== undefined && path.isAbsolute(xdg)) return xdg;
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Application Support");
  return path.join(homedir(), ".config");
}

/** The folder the user called from, also when a package manager changed into another one. */
export function callingFolder(): string {
  const { INIT_CWD: initial, npm_lifecycle_event: script } = process.env;
  return script !== undefined && initial !== undefined && path.isAbsolute(initial) ? initial : process.cwd();
}

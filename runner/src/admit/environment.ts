// The environment a child gets: that of the person who started the runner, as if they had started the command in the
// same shell. What npm, npx and pnpm put in on the way to the runner is taken out again, and so are the runner's secrets.

import { isListed } from "./variable-names.ts";

/** Set where nothing else is said: programs that page, ask or hold back their output would hang or stay silent. */
const hints: Readonly<Record<string, string>> = {
  PAGER: "cat",
  GIT_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  PYTHONUNBUFFERED: "1",
};

/** Names npm and pnpm set beside `npm_*` and `pnpm_*`; COLOR and NODE are overwritten by npm whatever they were. */
const packageManagerNames = new Set(["INIT_CWD", "PNPM_SCRIPT_SRC_DIR", "PNPM_PACKAGE_NAME", "NODE", "COLOR"]);

/** What the terminal of the runner says of itself; that of a child is another one. */
const terminalNames = new Set(["COLUMNS", "LINES", "TERMCAP", "TMUX", "TMUX_PANE", "STY", "WINDOW", "WINDOWID"]);

/** Folders npm and pnpm put before the person's own PATH. */
const packageManagerFolder = /(\/node_modules\/\.bin|\/node-gyp-bin|\/pnpm\/nodejs\/[^/]+\/bin)\/?$/;

/**
 * The child's environment from the runner's own, less what the owner has removed (names, or patterns with `*`), and
 * what the start gives, which wins. Whether a package manager started the runner is seen by `npm_execpath` or `npm_lifecycle_event`, which all of them set.
 */
export function buildEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  given: Readonly<Record<string, string>>,
  tty: boolean,
  removed: readonly string[] = [],
): Record<string, string> {
  const byPackageManager = own["npm_execpath"] !== undefined || own["npm_lifecycle_event"] !== undefined;
  const environment: Record<string, string> = { ...hints };
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || name.startsWith("LONGWIRE_")) continue;
    if ((byPackageManager && isInjected(name)) || (tty && terminalNames.has(name))) continue;
    if (isListed(name, removed)) continue;
    environment[name] = name === "PATH" && byPackageManager ? dropInjectedFolders(value) : value;
  }
  return { ...environment, ...(tty ? { TERM: "xterm-256color" } : {}), ...given };
}

function isInjected(name: string): boolean {
  return name.startsWith("npm_") || name.startsWith("pnpm_") || packageManagerNames.has(name);
}

function dropInjectedFolders(path: string): string {
  const folders = path.split(":");
  const own = folders.findIndex((folder) => !packageManagerFolder.test(folder));
  return own === -1 ? path : folders.slice(own).join(":");
}

// Signal names callers may use. The list is POSIX's plus what Linux and macOS share.

import * as z from "zod";

export const signalNames = [
  "SIGABRT",
  "SIGALRM",
  "SIGCHLD",
  "SIGCONT",
  "SIGHUP",
  "SIGINT",
  "SIGIO",
  "SIGKILL",
  "SIGPIPE",
  "SIGPROF",
  "SIGQUIT",
  "SIGSTOP",
  "SIGSYS",
  "SIGTERM",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGURG",
  "SIGUSR1",
  "SIGUSR2",
  "SIGVTALRM",
  "SIGWINCH",
  "SIGXCPU",
  "SIGXFSZ",
] as const;

export type SignalName = (typeof signalNames)[number];

/** `SIGINT`; `INT` and `int` are not accepted, so a log reads the same everywhere. */
export const signalSchema = z.enum(signalNames, {
  error: (issue) => `${JSON.stringify(issue.input)} is no signal; use one of ${signalNames.join(", ")}`,
});

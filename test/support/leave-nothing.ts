// For scripts that start programs: what they opened is closed in the end, also where they fail or are interrupted.

import { once } from "node:events";

interface Closable {
  close(): Promise<void> | void;
}

/** Takes what is being opened; it is closed in the end, last opened first. */
export type Keep = <T extends Closable>(opening: Promise<T>) => Promise<T>;

/** Does the work until it is done or the script is told to end, and ends with 130 then. */
export async function leaveNothing(work: (keep: Keep) => Promise<void>): Promise<void> {
  const opened: Promise<Closable>[] = [];
  const interruption = new AbortController();
  // Kept for good, so that a second Ctrl-C does not leave anything behind.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interruption.abort());
  const keep: Keep = async (opening) => {
    opened.push(opening);
    return await opening;
  };
  try {
    await Promise.race([work(keep), once(interruption.signal, "abort")]);
  } finally {
    // What has only half begun is waited for: it would be left behind.
    for (const opening of opened.toReversed()) await (await opening.catch(() => null))?.close();
  }
  if (interruption.signal.aborted) process.exit(130);
}

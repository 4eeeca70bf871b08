// Miniflare hands workerd its configuration through a pipe and waits for all of it to be read. Where workerd dies first,
// Node may destroy the pipe without an error, and Miniflare would wait for ever, deaf to `dispose()` too.

import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Writable } from "node:stream";

const channel = "child_process";

/** Lets a start of workerd fail that could neither fail nor succeed. Returns what ends the watch over this process's children. */
export function watchStarts(): () => void {
  const watch = (message: unknown): void => {
    const { process: child } = message as { readonly process: ChildProcess };
    child.once("spawn", () => {
      if (child.spawnargs.includes("--control-fd=3")) child.stdin?.once("close", () => failUnread(child.stdin));
    });
  };
  subscribe(channel, watch);
  return () => void unsubscribe(channel, watch);
}

/** An error of its own the pipe has reported before it closed; who heard of it listens no more. */
function failUnread(pipe: Writable | null): void {
  if (pipe === null || pipe.writableFinished || pipe.listenerCount("error") === 0) return;
  pipe.emit("error", new Error("workerd ended before it had read its configuration"));
}

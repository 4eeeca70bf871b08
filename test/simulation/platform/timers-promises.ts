// `node:timers/promises`.

import { clock } from "./clock.ts";

export function setTimeout<T>(
  ms: number,
  value?: T,
  { signal }: { signal?: AbortSignal } = {},
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const id = clock.after(clock.current, ms, () => resolve(value));
    signal?.addEventListener("abort", () => {
      clock.cancel(id);
      reject(new Error("aborted"));
    });
  });
}

export function setImmediate<T>(value?: T): Promise<T | undefined> {
  return setTimeout(0, value);
}

// SIGINT and SIGTERM, as a person and a process manager send them: the first one stops what runs, a later one gives up
// waiting for that. One key press may arrive more than once, by way of the terminal and of the programs in between.

const samePressMs = 700;

export interface StopSignals {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
}

/** Takes both signals over for the rest of the process's life. */
export function catchStopSignals(): StopSignals {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let firstAt: number | null = null;
  const onSignal = (): void => {
    const now = performance.now();
    firstAt ??= now;
    first.resolve();
    if (now - firstAt > samePressMs) second.resolve();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return { first: first.promise, second: second.promise };
}

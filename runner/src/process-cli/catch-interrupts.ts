// Ctrl-C and SIGTERM while a command follows something. One key press may arrive more than once, by way of the terminal
// and of the programs in between; that is one.

const samePressMs = 700;

export interface Interrupts {
  /** Which signal came first. */
  readonly first: Promise<"SIGINT" | "SIGTERM">;
  /** Another Ctrl-C. */
  readonly second: Promise<void>;
}

/** Takes both signals over for the rest of the process's life. */
export function catchInterrupts(): Interrupts {
  const first = Promise.withResolvers<"SIGINT" | "SIGTERM">();
  const second = Promise.withResolvers<void>();
  let firstAt: number | null = null;
  process.on("SIGTERM", () => first.resolve("SIGTERM"));
  process.on("SIGINT", () => {
    const now = performance.now();
    firstAt ??= now;
    first.resolve("SIGINT");
    if (now - firstAt > samePressMs) second.resolve();
  });
  return { first: first.promise, second: second.promise };
}

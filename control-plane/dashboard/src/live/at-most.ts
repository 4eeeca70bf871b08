// So many at a time. Pure but for what it is given.

/** A function that begins each work in the order of the calls, `most` at a time. */
export function atMost(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (work) => {
    if (busy === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy++;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place as it is.
      const next = waiting.shift();
      if (next === undefined) busy--;
      else next();
    }
  };
}

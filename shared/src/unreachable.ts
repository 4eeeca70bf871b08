// The end of a switch over a union: the compiler proves that nothing arrives here.

/** Throws; reached only when a value escaped its type, which is a bug. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

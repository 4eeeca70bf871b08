// What is read by hand, where a schema would take longer over a message than all the rest of its way.

export type Fields = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object. */
export function hasFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `value` is an integer from `min` to `max`. */
export function isWhole(value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** All of an array of `min` to `max` items, each as `read` takes it; null where one is not taken, or `value` is no such array. */
export function readAll<T>(value: unknown, min: number, max: number, read: (one: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length < min || value.length > max) return null;
  const all: T[] = [];
  for (const one of value) {
    const known = read(one);
    if (known === null) return null;
    all.push(known);
  }
  return all;
}

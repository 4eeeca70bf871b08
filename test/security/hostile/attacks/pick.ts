// Choosing by chance, from a seed.

export type Random = () => number;

export function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T;
}

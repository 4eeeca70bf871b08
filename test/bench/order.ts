/**
 * Counts what went wrong with a series of numbered lines: lost, doubled, disordered. Pure; what a line looks like is the
 * caller's matter.
 */

/** What went wrong, in lines. `garbled` are lines that nobody printed; the line they were is counted as lost too. */
export interface Faults {
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  readonly garbled: number;
}

/** Nothing wrong. */
export const noFaults: Faults = { lost: 0, doubled: 0, disordered: 0, garbled: 0 };

/** Sees numbers in order of arrival. */
export interface OrderCheck {
  /** `null` is a line without a valid number. */
  see(number: number | null): void;
  finish(): Faults;
}

/** Expects each of 0 to `total - 1` once and in order, of which the first `alreadySeen` came. */
export function createOrderCheck(total: number, alreadySeen = 0): OrderCheck {
  const seen = new Uint8Array(total).fill(1, 0, alreadySeen);
  let previous = alreadySeen - 1;
  let doubled = 0;
  let disordered = 0;
  let garbled = 0;
  return {
    see(number) {
      if (number === null || number < 0 || number >= total) {
        garbled += 1;
        return;
      }
      if (seen[number] === 1) doubled += 1;
      else if (number < previous) disordered += 1;
      seen[number] = 1;
      previous = number;
    },
    finish() {
      const lost = seen.reduce((count, flag) => count + (1 - flag), 0);
      return { lost, doubled, disordered, garbled };
    },
  };
}

/** Whether every line came once, whole and in order. */
export function isFaultless(faults: Faults): boolean {
  return faults.lost + faults.doubled + faults.disordered + faults.garbled === 0;
}

/** The faults of several jobs together. */
export function addFaults(all: readonly Faults[]): Faults {
  const sum = (pick: (faults: Faults) => number): number => all.reduce((total, faults) => total + pick(faults), 0);
  return {
    lost: sum((faults) => faults.lost),
    doubled: sum((faults) => faults.doubled),
    disordered: sum((faults) => faults.disordered),
    garbled: sum((faults) => faults.garbled),
  };
}

/**
 * Runs the rounds: every case with every subject in turn, so that all see the same hour of the machine. The subjects'
 * order rotates from round to round.
 */
import type { Case } from "./case.ts";
import type { Entry } from "./report.ts";
import type { Subject } from "./subject.ts";

/**
 * Measures everything and hands over each entry when it is there. A subject whose measurement broke off is started anew;
 * when that fails, the rounds end with its error.
 */
export async function runRounds(
  rounds: number,
  cases: readonly Case[],
  subjects: readonly Subject[],
  signal: AbortSignal,
  onEntry: (entry: Entry) => void,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (const one of cases.filter(({ maxRounds }) => round <= maxRounds)) {
      for (const subject of rotate(subjects, round - 1)) {
        const measurement = await one.measure(subject);
        if (signal.aborted) return;
        if (measurement === null) continue;
        onEntry({ round, case: one.name, variant: one.variant, subject: subject.name, ...measurement });
        if (measurement.trouble !== null) {
          await subject.stop();
          await subject.start();
        }
      }
    }
  }
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const cut = by % items.length;
  return [...items.slice(cut), ...items.slice(0, cut)];
}

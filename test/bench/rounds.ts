/**
 * Runs the rounds: every scenario with every subject in turn, so that all see the same hour of the machine. The subjects'
 * order rotates from round to round.
 */
import type { Scenario } from "./measurement.ts";
import type { Entry } from "./report.ts";
import type { Subject } from "./subject.ts";

/**
 * Measures everything and hands over each entry when it is there. A subject whose run broke off is started anew; when that
 * fails, the rounds end with its error.
 */
export async function runRounds(
  rounds: number,
  scenarios: readonly Scenario[],
  subjects: readonly Subject[],
  signal: AbortSignal,
  onEntry: (entry: Entry) => void,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (const scenario of scenarios) {
      for (const subject of rotate(subjects, round - 1)) {
        const measurement = await scenario.measure(subject);
        if (signal.aborted) return;
        onEntry({ round, scenario: scenario.name, subject: subject.name, ...measurement });
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

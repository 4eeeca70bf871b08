// What the runner's own spools tell of runs already, in this life or an earlier one, so that nothing is told twice.

import type { ProcessId } from "@longwire/shared/ids.ts";
import type { Fact, RunFact } from "@longwire/shared/wire/facts.ts";

type Told = "ended" | "lost";

/** What is told of a run at most once by the runner itself. */
function kindOf(fact: Fact): Told | null {
  if (fact.type === "exited" || fact.type === "failed") return "ended";
  return fact.type === "lost" ? "lost" : null;
}

export class ToldFacts {
  readonly #told = new Set<string>();

  note(fact: Fact): void {
    const kind = kindOf(fact);
    if (kind !== null) this.#told.add(keyOf(kind, fact as RunFact));
  }

  /** Whether the same was said of the run before. */
  has(fact: RunFact): boolean {
    const kind = kindOf(fact);
    return kind !== null && this.#told.has(keyOf(kind, fact));
  }

  /** Whether the run's end was told. */
  hasEnd(process: ProcessId, run: number): boolean {
    return this.#told.has(keyOf("ended", { process, run }));
  }
}

function keyOf(kind: Told, { process, run }: { readonly process: ProcessId; readonly run: number }): string {
  return `${kind} ${process}-${run}`;
}

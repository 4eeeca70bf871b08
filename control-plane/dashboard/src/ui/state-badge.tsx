// A run's state, as a word and a colour.

import type { Process } from "@longwire/shared/api/views.ts";
import { describeState } from "./describe-state.ts";

export function StateBadge({ process }: { readonly process: Process }) {
  const { word, tone, note } = describeState(process);
  return (
    <span class={`state state-${tone}`} title={note}>
      <span class="state-dot" aria-hidden="true" />
      {word}
    </span>
  );
}

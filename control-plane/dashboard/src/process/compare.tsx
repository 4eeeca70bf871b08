// What is new in one run against another, errors first.

import { useEffect, useState } from "preact/hooks";
import type { Process } from "@longwire/shared/api/views.ts";
import type { MachineStore } from "../live/machine-store.ts";

export function Compare({ store, process }: { readonly store: MachineStore; readonly process: Process }) {
  const [run, setRun] = useState(process.run);
  const [against, setAgainst] = useState(Math.max(1, process.run - 1));
  const [text, setText] = useState("");
  useEffect(() => {
    if (process.run === 1) return;
    const closing = new AbortController();
    store.client
      .compare(process.process_id, { run, with: against, max_chars: 40_000 }, { signal: closing.signal })
      .then(setText)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) setText(error instanceof Error ? error.message : String(error));
      });
    return () => closing.abort();
  }, [process.process_id, run, against]);
  if (process.run === 1) return <p class="empty">There is one run so far; a second one can be compared with it.</p>;
  const numbers = Array.from({ length: Math.min(process.run, 100) }, (_, index) => process.run - index);
  const choice = (label: string, value: number, onChange: (value: number) => void) => (
    <label class="field field-inline">
      <span>{label}</span>
      <select value={String(value)} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {numbers.map((number) => (
          <option key={number} value={String(number)}>
            run {number}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="panel">
      <div class="bar">
        {choice("What is new in", run, setRun)}
        {choice("against", against, setAgainst)}
      </div>
      <pre class="output-text" tabIndex={0} aria-label="Comparison" aria-live="polite">
        {text}
      </pre>
    </div>
  );
}

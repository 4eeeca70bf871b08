// What a run printed, as a terminal would show it at last, and what it prints from then on.

import { useEffect, useState } from "preact/hooks";
import { createClient } from "@longwire/shared/client/client.ts";
import type { TerminalProps } from "./terminal-props.ts";

const lines = 500;

export function Terminal({ client, process, run, hasEnded }: TerminalProps) {
  const [text, setText] = useState("");
  useEffect(() => {
    const closing = new AbortController();
    const { signal } = closing;
    const api = createClient(client);
    const follow = async (): Promise<void> => {
      while (!signal.aborted) {
        const { output, nextCursor } = await api.output(process, { run, tail: lines, max_chars: 40_000 }, { signal });
        setText(output);
        if (hasEnded) return;
        const wait = await api.waitFor(
          process,
          { until: ["output"] },
          { after: nextCursor, timeoutMs: 50_000, signal },
        );
        if (wait.ended_by === "exit")
          return setText((await api.output(process, { run, tail: lines }, { signal })).output);
      }
    };
    follow().catch(() => undefined);
    return () => closing.abort();
  }, [process, run, hasEnded]);
  return (
    <pre class="output-text" tabIndex={0} aria-label="Output">
      {text}
    </pre>
  );
}

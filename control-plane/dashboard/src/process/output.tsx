// The place of a run's output. The terminal is most of the page's weight, so it is loaded where one is shown.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { TerminalProps } from "../terminal/terminal-props.ts";
import { sayError } from "../ui/toasts.tsx";

let loaded: ComponentType<TerminalProps> | null = null;

export function Output(props: TerminalProps) {
  const [Terminal, setTerminal] = useState<ComponentType<TerminalProps> | null>(() => loaded);
  useEffect(() => {
    if (loaded !== null) return;
    import("../terminal/terminal.tsx")
      .then((module) => {
        loaded = module.Terminal;
        setTerminal(() => module.Terminal);
      })
      .catch((error: unknown) => sayError("The terminal could not be loaded", error));
  }, []);
  if (Terminal === null) return <div class="output-place" aria-busy="true" />;
  return <Terminal key={`${props.process}.${props.run}`} {...props} />;
}

// A signal's name as people type it.

import { signalNames, type SignalName } from "@longwire/shared/signals.ts";

/** `TERM`, `term` and `SIGTERM` are one; null where there is none of this name. */
export function readSignal(text: string): SignalName | null {
  const upper = text.toUpperCase();
  return signalNames.find((name) => name === upper || name === `SIG${upper}`) ?? null;
}

// The typed client of a control plane, for Node, browsers and Workers. What is sent and what comes back has the shapes of
// the schemas that the control plane reads and writes with.

import { Caller, type ClientOptions } from "./caller.ts";
import { outputCalls } from "./outputs.ts";
import { processCalls } from "./processes.ts";
import { waitCalls } from "./waits.ts";
import { workspaceCalls } from "./workspace.ts";

/** Every call throws `LongwireError` where it is refused or nobody answers. Nothing is connected before the first one. */
export function createClient(options: ClientOptions) {
  const caller = new Caller(options);
  return {
    ...processCalls(caller),
    ...outputCalls(caller),
    ...waitCalls(caller),
    ...workspaceCalls(caller),
  };
}

export type Client = ReturnType<typeof createClient>;

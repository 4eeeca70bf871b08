// The typed client of a control plane, for Node, browsers and Workers. What is sent and what comes back has the shapes of
// the schemas that the control plane reads and writes with.

import { auditCalls } from "./audits.ts";
import { Caller, type ClientOptions } from "./caller.ts";
import { followEvents, type EventItem, type EventsOptions } from "./follow-events.ts";
import { outputCalls } from "./outputs.ts";
import { processCalls } from "./processes.ts";
import { Terminal } from "./terminal.ts";
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
    ...auditCalls(caller),

    /** Events as they come, without an end and without a hole; each iteration is a stream of its own. */
    events: (asked: EventsOptions = {}): AsyncIterable<EventItem> => ({
      [Symbol.asyncIterator]: () => followEvents(caller, asked),
    }),

    /** A process to type to and to see. To be closed in the end. */
    terminal: (process: string): Terminal => new Terminal(caller, process),
  };
}

export type Client = ReturnType<typeof createClient>;

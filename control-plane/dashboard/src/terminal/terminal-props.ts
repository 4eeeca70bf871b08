// What the page tells a terminal of the run it is to show.

import type { ClientOptions } from "@longwire/shared/client/caller.ts";

export interface TerminalProps {
  /** For a client of its machine, or a socket of its own. */
  readonly client: ClientOptions;
  /** The machine's id. */
  readonly machine: string;
  /** The process's id. */
  readonly process: string;
  readonly run: number;
  readonly tty: boolean;
  /** Whether nothing more will be printed. */
  readonly hasEnded: boolean;
  /** Whether it has printed nothing yet. */
  readonly isSilent: boolean;
  /** Whether its machine is there. */
  readonly isOnline: boolean;
  /** Whether this session may type and resize. */
  readonly canInput: boolean;
}

// Where the runner's owner is asked on the machine itself: in its terminal, and over the socket that `runner approve`
// speaks to. Without a terminal, what the runner says to whoever reads it names what waits.

import { reasonOf } from "@longwire/shared/reason-of.ts";
import type { ExactCommand } from "../admit/policy-schema.ts";
import type { ApprovalDesk, LocalOwner } from "./approval-desk.ts";
import { LocalSocket } from "./local-socket.ts";
import { localSocketOf } from "./local-socket-path.ts";
import type { OwnersTerminal } from "./owners-terminal.ts";
import { rememberAlways } from "./remember-always.ts";
import { TerminalPrompt } from "./terminal-prompt.ts";

export class OwnersDesk implements LocalOwner {
  readonly #policyFile: string;
  #socket: LocalSocket | null = null;
  #prompt: TerminalPrompt | null = null;
  #isOpening = true;
  #close: () => void = () => {};

  /** `policyFile`: the owner's, absolute; it need not be there. */
  constructor(policyFile: string) {
    this.#policyFile = policyFile;
  }

  /** Starts that wait from before are asked about again while this is being opened. */
  readonly isReachable = (): boolean => this.#isOpening || this.#socket !== null || this.#prompt !== null;

  readonly remember = (exact: ExactCommand): void => rememberAlways(this.#policyFile, exact);

  /** `terminal`: where the owner is asked as well; null where there is none. */
  async open(
    approvals: ApprovalDesk,
    dataFolder: string,
    terminal: OwnersTerminal | null,
    say: (text: string) => void,
  ): Promise<void> {
    this.#prompt = terminal === null ? null : new TerminalPrompt(terminal, approvals);
    if (this.#prompt === null) this.#announce(approvals, say);
    const path = localSocketOf(dataFolder);
    try {
      this.#socket = await LocalSocket.open(path, approvals);
    } catch (error) {
      say(`WARNING: runner approve does not work here: ${path}: ${reasonOf(error)}`);
    }
    this.#isOpening = false;
  }

  #announce(approvals: ApprovalDesk, say: (text: string) => void): void {
    const known = new Set<string>();
    const tell = (): void => {
      for (const { id, of } of approvals.asked()) {
        if (known.has(id)) continue;
        known.add(id);
        say(`${of.process} waits for your approval: runner approve ${id}`);
      }
      const asked = new Set<string>(approvals.asked().map(({ id }) => id));
      for (const id of known) if (!asked.has(id)) known.delete(id);
    };
    approvals.onChange.add(tell);
    this.#close = () => approvals.onChange.delete(tell);
    tell();
  }

  close(): void {
    this.#close();
    this.#prompt?.close();
    this.#socket?.close();
    this.#socket = null;
  }
}

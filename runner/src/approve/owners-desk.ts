// Where the runner's owner is asked on the machine itself: the socket that `runner approve` speaks to. What is asked is
// said in the runner's own words as well, for whoever reads them.

import type { ExactCommand } from "../admit/policy-schema.ts";
import type { ApprovalDesk, LocalOwner } from "./approval-desk.ts";
import { LocalSocket } from "./local-socket.ts";
import { localSocketOf } from "./local-socket-path.ts";
import { rememberAlways } from "./remember-always.ts";

export class OwnersDesk implements LocalOwner {
  readonly #policyFile: string;
  #socket: LocalSocket | null = null;
  #isOpening = true;
  #close: () => void = () => {};

  /** `policyFile`: the owner's, absolute; it need not be there. */
  constructor(policyFile: string) {
    this.#policyFile = policyFile;
  }

  /** Starts that wait from before are asked about again while this is being opened. */
  readonly isReachable = (): boolean => this.#isOpening || this.#socket !== null;

  readonly remember = (exact: ExactCommand): void => rememberAlways(this.#policyFile, exact);

  async open(approvals: ApprovalDesk, dataFolder: string, say: (text: string) => void): Promise<void> {
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
    const path = localSocketOf(dataFolder);
    try {
      this.#socket = await LocalSocket.open(path, approvals);
    } catch (error) {
      say(`WARNING: nobody can be asked here: ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#isOpening = false;
  }

  close(): void {
    this.#close();
    this.#socket?.close();
    this.#socket = null;
  }
}

// Ends all processes of a run: asks, insists, then freezes and kills until nobody is left. Says truly who survived.

import { setTimeout as sleep } from "node:timers/promises";
import { maxDetailLength } from "@longwire/shared/limits.ts";
import type { SignalName } from "@longwire/shared/signals.ts";
import type { Survivor } from "@longwire/shared/wire/facts.ts";
import type { ProcessIdentity } from "@longwire/shared/node/process-identity.ts";
import { freezeTree, wake } from "./freeze-tree.ts";
import { findForegroundGroup } from "./foreground-group.ts";
import { findListeners } from "./listening-ports.ts";
import { readCommandLine, readProcessTable, type ProcessRow } from "./process-table.ts";
import { signalGroup, signalProcess } from "./send-signal.ts";
import { firstRung, nextRung, type Rung } from "./stop-ladder.ts";
import { findMembers } from "./tree.ts";

const pollMs = 25;
/** The first rounds of killing follow each other fast; a big process may need long to be taken down. */
const quickRounds = 8;
const quickPollMs = 5;
const slowPollMs = 75;

/** The processes of one run, as they can be found again at any time. */
export class ProcessTree {
  readonly root: ProcessIdentity | null;
  readonly #marker: string;
  readonly #shim: number | null;
  readonly #remembered = new Map<number, string>();

  /** `shim`: the pid of the run's shim where that is who looks. */
  constructor(root: ProcessIdentity | null, marker: string, shim: number | null) {
    this.root = root;
    this.#marker = marker;
    this.#shim = shim;
  }

  /** The members that live now. Whoever was seen once is known from then on. */
  look(): ProcessRow[] {
    const members = findMembers(readProcessTable(), {
      root: this.root,
      marker: this.#marker,
      remembered: this.#remembered,
      excluded: new Set([process.pid]),
      shim: this.#shim,
    });
    this.#remembered.clear();
    for (const member of members) this.#remembered.set(member.pid, member.started);
    return members;
  }

  inGroup(member: ProcessRow): boolean {
    return this.root !== null && member.pgid === this.root.pid;
  }
}

export interface EndTreeRequest {
  readonly signal: SignalName;
  readonly graceMs: number;
  /** Told of each signal the group got. */
  readonly onSignal: (signal: SignalName) => void;
}

/** Resolves when nobody is left (empty) or with those who could not be ended. */
export async function endTree(tree: ProcessTree, request: EndTreeRequest): Promise<Survivor[]> {
  const { signal, graceMs, onSignal } = request;
  let members = tree.look();
  let rung: Rung = firstRung(signal, performance.now(), graceMs);
  if (members.length > 0) climb(tree, members, rung, request);
  for (;;) {
    const lookedFrom = performance.now();
    members = tree.look();
    const now = performance.now();
    const seen = { now, alive: members.length > 0, groupAlive: members.some((one) => tree.inGroup(one)) };
    const next = nextRung(rung, seen, graceMs);
    if (next.type === "done") return [];
    if (next.type === "gave_up") return describeSurvivors(members);
    if (next !== rung) climb(tree, members, next, { signal, graceMs, onSignal });
    rung = next;
    // On a machine with very many processes a look is slow: it must not become all that is done.
    await sleep(Math.max(pauseOn(rung), 3 * (now - lookedFrom)));
  }
}

function pauseOn(rung: Rung): number {
  if (rung.type !== "killing") return pollMs;
  return rung.round <= quickRounds ? quickPollMs : slowPollMs;
}

/** Does what belongs to entering `rung`. */
function climb(tree: ProcessTree, members: readonly ProcessRow[], rung: Rung, request: EndTreeRequest): void {
  if (rung.type === "asking") {
    signalFront(tree, members, request.signal, request.onSignal);
    wake(members);
  }
  if (rung.type === "terminating") {
    // In a terminal a shell takes no SIGTERM; it ends when the terminal is hung up.
    if (tree.root !== null && findForegroundGroup(tree.root) !== null) {
      signalOwnGroup(tree, members, "SIGHUP", request.onSignal);
    }
    signalOwnGroup(tree, members, "SIGTERM", request.onSignal);
    for (const member of members) if (!tree.inGroup(member)) signalProcess(member, "SIGTERM");
    wake(members);
  }
  if (rung.type === "killing") killFrozen(tree, members, rung.round === 1 ? request.onSignal : null);
}

/** As Ctrl-C does: in a terminal the group in its foreground gets it, which a shell's commands are and not the shell. */
function signalFront(
  tree: ProcessTree,
  members: readonly ProcessRow[],
  signal: SignalName,
  onSignal: (signal: SignalName) => void,
): void {
  const front = tree.root === null ? null : findForegroundGroup(tree.root);
  if (front === null || front === tree.root?.pid || !members.some((member) => member.pgid === front)) {
    return signalOwnGroup(tree, members, signal, onSignal);
  }
  if (signalGroup(front, signal)) onSignal(signal);
}

function signalOwnGroup(
  tree: ProcessTree,
  members: readonly ProcessRow[],
  signal: SignalName,
  onSignal: (signal: SignalName) => void,
): void {
  if (tree.root === null || !members.some((member) => tree.inGroup(member))) return;
  if (signalGroup(tree.root.pid, signal)) onSignal(signal);
}

/** Halts all members until no new one appears, so that none can fork away, then kills them. */
function killFrozen(
  tree: ProcessTree,
  seen: readonly ProcessRow[],
  onSignal: ((signal: SignalName) => void) | null,
): void {
  const members = freezeTree(tree, seen);
  let groupGot = false;
  for (const member of members) groupGot = (signalProcess(member, "SIGKILL") && tree.inGroup(member)) || groupGot;
  if (groupGot) onSignal?.("SIGKILL");
}

function describeSurvivors(members: readonly ProcessRow[]): Survivor[] {
  const shown = members.slice(0, 256);
  const listeners = findListeners(shown.map((member) => member.pid));
  return shown.map(({ pid }) => ({
    pid,
    command: readCommandLine(pid).slice(0, maxDetailLength),
    ports: [...new Set(listeners.flatMap((one) => (one.pid === pid ? [one.port] : [])))].slice(0, 256),
  }));
}

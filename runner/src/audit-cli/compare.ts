// What two audits of one machine disagree about: the control plane's, and the one that its runner kept by itself. Each has
// to be whole; then each command, its answer and each start of one has to stand in the other. Pure.

import { chainStart, commandActs } from "@longwire/shared/audit/entry.ts";
import { trimmedTarget, verifyChain } from "@longwire/shared/audit/verify.ts";
import type { WrittenEntry } from "@longwire/shared/client/audits.ts";
import type { Chain } from "./fetch-chain.ts";

export interface Comparison {
  /** What must not be. */
  readonly differences: readonly string[];
  /** What is worth knowing and no fault. */
  readonly notes: readonly string[];
}

const maxTold = 20;
/** How a start of a command that the owner named says so: another one may have needed it. */
const namedCommand = "use ";

/** Whether a chain is whole by itself. */
export function findChainFaults(whose: string, { entries, anchor, head, damaged }: Chain): string[] {
  const faults: string[] = damaged > 0 ? [`${whose}: ${damaged} lines are no entries`] : [];
  const verdict = verifyChain(entries, anchor);
  if (!verdict.ok) faults.push(`${whose}: ${verdict.why}`);
  else if (verdict.head.n !== head.n || verdict.head.hash !== head.hash) {
    faults.push(`${whose}: it ends with entry ${verdict.head.n}, and says its last is ${head.n}`);
  }
  const isSaid = entries.some(({ act, target }) => act === "trimmed" && target === trimmedTarget(anchor.n));
  if (anchor.n > 0 && !isSaid) faults.push(`${whose}: entries 1 to ${anchor.n} are gone, and no entry says so`);
  return faults;
}

/** `own` is read before `plane`, so what the runner knows the control plane has to know too. */
export function compareAudits(plane: Chain, own: Chain): Comparison {
  const differences = [...findChainFaults("control plane", plane), ...findChainFaults("runner", own)];
  const told = findToldFaults(plane, own);
  differences.push(...told.slice(0, maxTold));
  if (told.length > maxTold)
    differences.push(`and ${told.length - maxTold} more entries that were told and are others now`);
  const { missing, notes } = findMissing(plane, own);
  return { differences: [...differences, ...missing, ...findUnasked(own)], notes };
}

/** What the control plane told of its audit, against what it shows now. */
function findToldFaults({ entries, anchor, head }: Chain, own: Chain): string[] {
  const hashes = new Map<number, string>([
    [anchor.n, anchor.hash],
    ...entries.map(({ n, hash }) => [n, hash] as const),
  ]);
  hashes.set(chainStart.n, chainStart.hash);
  return own.entries.flatMap(({ n: by, told, act, reason }) => {
    if (act === "went_back") return [`runner: entry ${by}: the control plane told of ${reason ?? "an earlier entry"}`];
    if (told === undefined || (told.n < anchor.n && told.n > 0)) return [];
    if (told.n > head.n) {
      return [`control plane: it told of entry ${told.n} (runner's entry ${by}), and its last is ${head.n} now`];
    }
    const now = hashes.get(told.n);
    if (now === undefined || now === told.hash) return [];
    return [`control plane: entry ${told.n} is another one than it told of (runner's entry ${by})`];
  });
}

interface Asked {
  readonly n: number;
  readonly act: string;
  readonly digest: string | undefined;
}

const acts = new Set<string>(commandActs);

function findMissing(plane: Chain, own: Chain): { missing: string[]; notes: string[] } {
  const sent = new Map<string, Asked>();
  const answered = new Map<string, WrittenEntry>();
  for (const entry of plane.entries) {
    const { n, act, digest, command_id: id, command_ids: ids = [], outcome } = entry;
    if (!acts.has(act)) continue;
    if (outcome === "sent") for (const one of id === undefined ? ids : [id]) sent.set(one, { n, act, digest });
    else if (id !== undefined && entry.actor.kind === "runner") answered.set(id, entry);
  }
  const lastLink = plane.entries.findLast(({ act }) => act.startsWith("runner_"))?.n ?? 0;
  const window = toldWindow(own);
  const missing: string[] = [];
  const notes: string[] = [];
  const received = new Map<string, WrittenEntry>();
  const settled = new Map<string, WrittenEntry>();
  let told = 0;
  for (const entry of own.entries) {
    const { command_id: id, outcome, n, act } = entry;
    told = entry.told?.n ?? told;
    if (id === undefined || (!acts.has(act) && act !== "message")) continue;
    // An order it did not understand was received as a message.
    if (act === "message" && outcome === "refused") received.set(id, entry);
    if (outcome !== "received" && outcome !== "replayed") {
      settled.set(id, entry);
      continue;
    }
    received.set(id, entry);
    const asked = sent.get(id);
    if (asked === undefined) {
      if (told > plane.anchor.n) {
        missing.push(`runner: entry ${n}: it received the ${act} ${id}, which the control plane says it never sent`);
      }
    } else if (asked.digest !== undefined && entry.digest !== undefined && asked.digest !== entry.digest) {
      missing.push(`the ${act} ${id} is another one: control plane's entry ${asked.n}, runner's entry ${n}`);
    }
  }
  for (const [id, { n, act }] of sent) {
    if (received.has(id) || n <= window.from || n > window.to) continue;
    const answer = answered.get(id);
    const line = `the ${act} ${id} (control plane's entry ${n}) never reached the runner`;
    if (answer !== undefined) missing.push(`${line}, and it is said to have answered`);
    else if (n < lastLink) notes.push(`${line}: the link broke meanwhile`);
    else missing.push(line);
  }
  for (const [id, { n, act, outcome }] of answered) {
    const word = settled.get(id);
    if (word === undefined ? received.has(id) : word.outcome !== outcome) {
      const given = word === undefined ? "none" : word.outcome;
      missing.push(
        `the answer to the ${act} ${id} is another one: control plane's entry ${n} ${outcome}, runner's ${given}`,
      );
    }
  }
  return { missing, notes };
}

/** Between which of the control plane's entries the runner wrote down what it was told. */
function toldWindow({ entries }: Chain): { from: number; to: number } {
  const told = entries.flatMap(({ told: head }) => (head === undefined ? [] : [head.n]));
  return { from: (told[0] ?? Infinity) - 1, to: Math.max(0, ...told) };
}

/** Starts on the machine that nobody asked for. */
function findUnasked({ entries, anchor }: Chain): string[] {
  const received = new Set(entries.flatMap(({ outcome, command_id: id }) => (outcome === "received" ? [id] : [])));
  // Whoever asked for a run that goes on may be among what was let go.
  if (anchor.n > 0) return [];
  return entries.flatMap(({ n, act, outcome, target, reason, command_id: id }) =>
    act === "spawn" && outcome === "allowed" && !received.has(id) && reason?.startsWith(namedCommand) !== true
      ? [`runner: entry ${n}: ${target} was started, and no command asked for it`]
      : [],
  );
}

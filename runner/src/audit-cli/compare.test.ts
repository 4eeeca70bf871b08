import { expect, test } from "vitest";
import {
  chainStart,
  sealEntry,
  type AuditDraft,
  type AuditEntry,
  type ChainHead,
} from "@longwire/shared/audit/entry.ts";
import type { CommandId } from "@longwire/shared/ids.ts";
import { compareAudits, type Comparison } from "./compare.ts";
import type { Chain } from "./fetch-chain.ts";

const operator = { kind: "operator", name: "ci" } as const;
const runner = { kind: "runner" } as const;
const idOf = (digit: string): CommandId => digit.repeat(32) as CommandId;
const digestOf = (digit: string): string => digit.repeat(64);

class Builder {
  readonly entries: AuditEntry[] = [];
  head: ChainHead = chainStart;

  add(draft: AuditDraft): ChainHead {
    const entry = sealEntry(draft, this.head, new Date(this.entries.length).toISOString());
    this.entries.push(entry);
    return (this.head = { n: entry.n, hash: entry.hash });
  }

  chain(entries: readonly AuditEntry[] = this.entries): Chain {
    const last = entries.at(-1);
    const head = last === undefined ? chainStart : { n: last.n, hash: last.hash };
    return { entries, anchor: chainStart, head, damaged: 0 };
  }
}

/** Both ends of a machine that was asked for two starts and some input. */
function play(how: { readonly loses?: string; readonly digest?: string } = {}): { plane: Builder; own: Builder } {
  const [plane, own] = [new Builder(), new Builder()];
  const link = { actor: runner, act: "runner_connected", target: "link", outcome: "done" } as const;
  own.add({ ...link, told: plane.add(link) });
  for (const digit of ["1", "2"]) {
    const what = { act: "start", target: "web", command_id: idOf(digit) } as const;
    const told = plane.add({ ...what, actor: operator, outcome: "sent", digest: digestOf(digit) });
    if (how.loses === digit) continue;
    own.add({ ...what, actor: operator, outcome: "received", digest: how.digest ?? digestOf(digit), told });
    own.add({ actor: runner, act: "spawn", target: "p1.1", outcome: "allowed", command_id: idOf(digit) });
    own.add({ ...what, actor: runner, outcome: "done" });
    plane.add({ ...what, actor: runner, outcome: "done" });
  }
  const input = { act: "input", target: "p1", actor: operator } as const;
  own.add({ ...input, outcome: "received", command_id: idOf("3"), told: plane.head });
  own.add({ ...input, actor: runner, outcome: "done", command_id: idOf("3") });
  plane.add({ ...input, outcome: "sent", count: 1, bytes: 4, command_ids: [idOf("3")] });
  own.add({ ...link, told: plane.add(link) });
  return { plane, own };
}

const none: Comparison = { differences: [], notes: [] };

test("[T64] two audits that tell the same have no difference, also where one has just begun", () => {
  const { plane, own } = play();
  expect(compareAudits(plane.chain(), own.chain())).toEqual(none);
  expect(compareAudits(plane.chain(), new Builder().chain())).toEqual(none);
  expect(compareAudits(new Builder().chain(), new Builder().chain())).toEqual(none);
});

function rewrite(entries: readonly AuditEntry[], change: (draft: AuditDraft, n: number) => AuditDraft): AuditEntry[] {
  const again = new Builder();
  for (const { n, at: _at, prev: _prev, hash: _hash, ...draft } of entries) again.add(change(draft, n));
  return again.entries;
}

const tampers: Readonly<Record<string, readonly [(entries: AuditEntry[]) => AuditEntry[], RegExp]>> = {
  "changes an entry": [(all) => all.map((one) => (one.n === 2 ? { ...one, target: "wet" } : one)), /entry 2 is not as/],
  "removes an entry": [(all) => all.filter(({ n }) => n !== 3), /entry 3 is missing/],
  "swaps two": [(all) => [all[0], all[2], all[1], ...all.slice(3)].flatMap((one) => one ?? []), /entry 2 is missing/],
  "cuts off the end": [(all) => all.slice(0, 4), /told of entry 7 .* its last is 4/],
  "writes all of it anew": [
    (all) => rewrite(all, (draft) => ({ ...draft, actor: { ...draft.actor, name: "someone" } })),
    /entry 1 is another one than it told of/,
  ],
  "writes anew what comes after the last word": [
    (all) => rewrite(all, (draft, n) => (n === 6 ? { ...draft, bytes: 1 } : draft)),
    /entry 7 is another one/,
  ],
};

test.each(Object.entries(tampers))("[T64] a control plane that %s is found out", (_, [tamper, what]) => {
  const { plane, own } = play();
  const { differences } = compareAudits(plane.chain(tamper(plane.entries)), own.chain());
  expect(differences.join("\n")).toMatch(what);
});

test.each(Object.entries(tampers).slice(0, 3))("[T64] so is whoever %s in the runner's own", (_, [tamper, what]) => {
  const { plane, own } = play();
  const { differences } = compareAudits(plane.chain(), own.chain(tamper(own.entries)));
  expect(differences.join("\n")).toMatch(new RegExp(`runner: .*${what.source}`));
});

test("[T64] a command only one of them knows, and one that is not the same, are named", () => {
  const lost = play({ loses: "2" });
  expect(compareAudits(lost.plane.chain(), lost.own.chain())).toEqual({
    differences: [],
    notes: [`the start ${idOf("2")} (control plane's entry 4) never reached the runner: the link broke meanwhile`],
  });
  const claimed = play({ loses: "2" });
  claimed.plane.add({ actor: runner, act: "start", target: "p1", outcome: "done", command_id: idOf("2") });
  const claims = compareAudits(claimed.plane.chain(), claimed.own.chain()).differences;
  expect(claims).toEqual([
    `the start ${idOf("2")} (control plane's entry 4) never reached the runner, and it is said to have answered`,
  ]);
  const hidden = play();
  const entries = rewrite(hidden.plane.entries, (draft) => draft).filter(({ command_ids: ids }) => ids === undefined);
  const unsent = compareAudits(hidden.plane.chain(rewrite(entries, (draft) => draft)), hidden.own.chain()).differences;
  expect(unsent.join("\n")).toContain(`it received the input ${idOf("3")}, which the control plane says it never sent`);
  const other = play({ digest: digestOf("f") });
  expect(compareAudits(other.plane.chain(), other.own.chain()).differences).toEqual([
    `the start ${idOf("1")} is another one: control plane's entry 2, runner's entry 2`,
    `the start ${idOf("2")} is another one: control plane's entry 4, runner's entry 5`,
  ]);
});

test("[T64] a start that nobody asked for, an answer nobody gave and a history that went back are named", () => {
  const { plane, own } = play();
  own.add({ actor: runner, act: "spawn", target: "p9.1", outcome: "allowed", command_id: idOf("9") });
  own.add({ actor: { kind: "control_plane" }, act: "went_back", target: "audit", outcome: "refused", reason: "x" });
  const changed = rewrite(plane.entries, (draft, n) => (n === 3 ? { ...draft, outcome: "refused" } : draft));
  const { differences } = compareAudits(plane.chain(changed), own.chain());
  expect(differences.join("\n")).toMatch(/p9\.1 was started, and no command asked for it/);
  expect(differences.join("\n")).toMatch(/the control plane told of x/);
  expect(differences.join("\n")).toMatch(/the answer to the start 1+ is another one: .* refused, runner's done/);
});

test("[T64] entries that are gone without a word are a difference; with one they are not", () => {
  const { plane, own } = play();
  const gone: Chain = { ...plane.chain(plane.entries.slice(1)), anchor: { n: 1, hash: plane.entries[0]?.hash ?? "" } };
  expect(compareAudits(gone, own.chain()).differences).toEqual([
    "control plane: entries 1 to 1 are gone, and no entry says so",
  ]);
});

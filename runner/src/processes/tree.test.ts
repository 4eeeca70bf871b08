import { expect, test } from "vitest";
import type { ProcessRow } from "./process-table.ts";
import { findMembers, type TreeTraces } from "./tree.ts";

const row = (pid: number, more: Partial<ProcessRow> = {}): ProcessRow => ({
  pid,
  ppid: 1,
  pgid: pid,
  sid: pid,
  started: `s${pid}`,
  zombie: false,
  halted: false,
  marker: null,
  usage: { userMs: 0, systemMs: 0, residentBytes: 0 },
  ...more,
});
const traces = (more: Partial<TreeTraces> = {}): TreeTraces => ({
  root: { pid: 100, started: "s100" },
  marker: "mine",
  remembered: new Map(),
  excluded: new Set([50]),
  shim: null,
  ...more,
});
const root = row(100, { ppid: 50 });
const pids = (rows: ProcessRow[], known: TreeTraces = traces()): number[] =>
  findMembers(rows, known).map(({ pid }) => pid);

test("[P7] group, session, descent, marker and memory each make a member", () => {
  const rows = [
    row(1),
    row(50),
    root,
    row(101, { pgid: 100, sid: 100 }),
    row(102, { sid: 100 }),
    row(103, { ppid: 101 }),
    row(104, { marker: "mine" }),
    row(105, { ppid: 104 }),
    row(106),
    row(107),
  ];
  expect(
    pids(
      rows,
      traces({
        remembered: new Map([
          [106, "s106"],
          [107, "another"],
        ]),
      }),
    ),
  ).toEqual([100, 101, 102, 103, 104, 105, 106]);
});

test("[P7] after the root's end its group and session still count", () => {
  expect(pids([row(101, { pgid: 100, sid: 100 }), row(102, { sid: 100 })])).toEqual([101, 102]);
});

test("[P7] a foreign process that got the root's pid is no member, nor is its group", () => {
  expect(pids([row(100, { started: "later" }), row(200, { pgid: 100, sid: 100 })])).toEqual([]);
});

test("[P7] zombies and the shim are no members, whatever speaks for them", () => {
  expect(pids([row(50, { marker: "mine", pgid: 100 }), row(100, { zombie: true }), row(101, { ppid: 100 })])).toEqual([
    101,
  ]);
});

test("[P7] what was given to the shim when its parent ended is a member, with all below it", () => {
  const rows = [row(50), root, row(104, { ppid: 50 }), row(105, { ppid: 104 }), row(106)];
  expect(pids(rows, traces({ shim: 50 }))).toEqual([100, 104, 105]);
  expect(pids(rows)).toEqual([100]);
});

test("[P7] without a root the marker alone finds a run", () => {
  expect(pids([root, row(104, { marker: "mine" }), row(105, { ppid: 104 })], traces({ root: null }))).toEqual([
    104, 105,
  ]);
});

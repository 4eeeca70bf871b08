import { expect, test } from "vitest";
import type { Process } from "@longwire/shared/api/views.ts";
import { arrange, countTags } from "./arrange.ts";

const process = (name: string, state: Process["state"], tags: string[], command = name): Process => ({
  ...{ process_id: `p-${name}`, name, state, tags, command, ready: null, run: 1, pid: 1, cwd: "/", tty: false },
  ...{ started_at: null, ended_at: null, returncode: null, signal: null, reason: null },
  ...{ output_bytes: 0, cursor: "1.0", restarts: 0 },
});
const all = [
  process("old", "exited", ["web"]),
  process("api", "running", ["web", "slow"], "Node server.js"),
  process("db", "paused", []),
];
const shown = (how: Partial<Parameters<typeof arrange>[2]>) =>
  arrange(all, (one) => one, { text: "", tag: null, grouped: false, ...how }).map(({ tag, items }) => [
    tag,
    items.map(({ name }) => name),
  ]);

test("[B7] a list is filtered by name, command and tag, live ones first, and grouped by tag", () => {
  expect(shown({})).toEqual([[null, ["api", "db", "old"]]]);
  expect(shown({ text: " SERVER " })).toEqual([[null, ["api"]]]);
  expect(shown({ tag: "web" })).toEqual([[null, ["api", "old"]]]);
  expect(shown({ text: "nothing" })).toEqual([]);
  expect(shown({ grouped: true })).toEqual([
    ["web", ["api", "old"]],
    [null, ["db"]],
  ]);
  expect(shown({ grouped: true, tag: "slow" })).toEqual([["slow", ["api"]]]);
  expect([...countTags(all)]).toEqual([
    ["slow", 1],
    ["web", 2],
  ]);
});

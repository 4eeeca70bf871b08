import { expect, test } from "vitest";
import { displayCommand } from "./display-command.ts";
import { wantsEvent } from "./event-filter.ts";
import type { CommandId, ProcessId } from "./ids.ts";
import { presentEvent } from "./present-event.ts";
import { applyFact } from "./run-view.ts";
import type { Fact, RunFact } from "./wire/facts.ts";

const of = { process: "p3" as ProcessId, run: 2, at: 0 };
const label = { name: "web", argv: ["npm", "run", "it's"], cwd: "/", tags: ["frontend"], tty: false };
const view = applyFact(null, { type: "starting", ...of, label, command_id: "0".repeat(32) as CommandId });
const text = (): { data: string } => ({ data: "hi\n" });
const output: Fact = { type: "output", ...of, stream: "stdout", offset: 7, size: 3 };

test("[R1] an output event is a pair of command and output, with its place in the run", () => {
  expect(presentEvent(9, output, view, text)).toEqual({
    seq: 9,
    type: "output",
    timestamp: "1970-01-01T00:00:00.000Z",
    process_id: "p3",
    name: "web",
    run: 2,
    command: `npm run 'it'\\''s'`,
    stream: "stdout",
    offset: 7,
    data: "hi\n",
  });
});

test("[R1] every event's JSON begins with its seq", () => {
  const facts: RunFact[] = [
    { type: "started", ...of, pid: 1 },
    { type: "stopping", ...of, reason: "stopped" },
    { type: "failed", ...of, reason: "spawn_failed", detail: "" },
    { type: "signalled", ...of, signal: "SIGINT" },
    { type: "exited", ...of, returncode: 0, signal: null, reason: "exit" },
    { type: "gap", ...of, from_offset: 0, to_offset: null, reason: "overflow" },
  ];
  for (const fact of [output, ...facts]) {
    expect(JSON.stringify(presentEvent(12, fact, view, text))).toMatch(/^\{"seq":12,/);
  }
});

test("[R1] an exit says how the process ended", () => {
  const exited: Fact = { type: "exited", ...of, returncode: null, signal: "SIGKILL", reason: "signal" };
  expect(presentEvent(1, exited, view, text)).toMatchObject({ stream: "exit", returncode: null, signal: "SIGKILL" });
});

test("[D17] a loss of the machine itself is a gap without a run", () => {
  const loss: Fact = { type: "loss", at: 0, reason: "restored", from_seq: 4, to_seq: 9 };
  const timestamp = "1970-01-01T00:00:00.000Z";
  const event = { seq: 10, type: "gap", timestamp, from_seq: 4, to_seq: 9, reason: "restored" };
  expect(presentEvent(10, loss, null, text)).toEqual(event);
  expect(wantsEvent({ type: "gap" }, loss, null)).toBe(true);
  for (const filter of [{ process: "p3" }, { tag: "frontend" }]) expect(wantsEvent(filter, loss, null)).toBe(false);
});

test("[D19] a gap to the end of a run begins where the log's output of it ends", () => {
  const gap: Fact = { type: "gap", ...of, from_offset: null, to_offset: null, reason: "damaged" };
  expect(presentEvent(1, gap, { ...view, output_bytes: 12 }, text)).toMatchObject({ from_offset: 12, to_offset: null });
});

test("[R8] a filter goes by process id or name, tag and type; facts of the machine pass neither process nor tag", () => {
  const settled: Fact = { type: "command", at: 0, command_id: "0".repeat(32) as CommandId, outcome: "done" };
  for (const filter of [{}, { process: "p3" }, { process: "web" }, { tag: "frontend" }, { type: "output" }]) {
    expect(wantsEvent(filter, output, view)).toBe(true);
  }
  for (const filter of [{ process: "p4" }, { process: "we" }, { tag: "back" }, { type: "exited" }]) {
    expect(wantsEvent(filter, output, view)).toBe(false);
  }
  expect(wantsEvent({}, settled, null)).toBe(true);
  for (const filter of [{ process: "p3" }, { tag: "frontend" }]) expect(wantsEvent(filter, settled, null)).toBe(false);
});

test("[R1] an argv reads as the line one would type", () => {
  expect(displayCommand({ argv: ["a b", "", "c=d", "$x"] })).toBe(`'a b' '' c=d '$x'`);
  expect(displayCommand({ command: "echo $HOME" })).toBe("echo $HOME");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { patternOf } from "@longwire/shared/fixtures/pattern-of.ts";
import { readTail } from "./output-tail.ts";
import { beginWait, stepWait, wakeAt, type WaitInput, type WaitState, type WaitTerms } from "./wait-state.ts";

const encoder = new TextEncoder();
const output = (offset: number, text: string): WaitInput => ({ type: "output", offset, bytes: encoder.encode(text) });
const gap = (offset: number): WaitInput => ({ type: "gap", offset });
const caughtUp: WaitInput = { type: "caught_up" };
const runEnded: WaitInput = { type: "run_ended" };
const listening: WaitInput = { type: "port", port: 3000 };
const clock: WaitInput = { type: "clock" };

const terms: WaitTerms = {
  until: ["match", "output", "idle", "ready"],
  pattern: patternOf("ready"),
  idleMs: 2000,
  endsAt: 10_000,
  from: 0,
  newFrom: 0,
};
const quiet: WaitTerms = { ...terms, until: ["idle"], pattern: null };
const matching: WaitTerms = { ...terms, until: ["match"] };

/** Each input with the time it comes at. */
type Timed = readonly [at: number, input: WaitInput];

function play(of: WaitTerms, ...inputs: readonly Timed[]): WaitState {
  return inputs.reduce((state, [at, input]) => stepWait(of, state, input, at), beginWait(of));
}

const states: Record<WaitState["type"], WaitState> = {
  reading: beginWait(terms),
  following: play(terms, [0, caughtUp]),
  ended: play(terms, [0, runEnded]),
};
const inputs: Record<WaitInput["type"], WaitInput> = {
  output: output(0, "ready\n"),
  gap: gap(7),
  caught_up: caughtUp,
  run_ended: runEnded,
  ready: { type: "ready" },
  port: listening,
  clock,
};
const table: Record<WaitState["type"], Record<WaitInput["type"], string>> = {
  reading: {
    output: "match",
    gap: "reading",
    caught_up: "following",
    run_ended: "exit",
    ready: "ready",
    port: "port",
    clock: "reading",
  },
  following: {
    output: "match",
    gap: "following",
    caught_up: "following",
    run_ended: "exit",
    ready: "ready",
    port: "port",
    clock: "idle",
  },
  ended: {
    output: "exit",
    gap: "exit",
    caught_up: "exit",
    run_ended: "exit",
    ready: "exit",
    port: "exit",
    clock: "exit",
  },
};

test("[R12] [P29] what each input makes of each state", () => {
  const told = (state: WaitState): string => (state.type === "ended" ? state.by : state.type);
  const got = Object.fromEntries(
    Object.entries(states).map(([name, state]) => [
      name,
      Object.fromEntries(
        Object.entries(inputs).map(([type, input]) => [type, told(stepWait(terms, state, input, 5000))]),
      ),
    ]),
  );
  expect(got).toEqual(table);
});

test.for<{ name: string; of: WaitTerms; script: Timed[]; by: string; next: number; text: string }>([
  {
    name: "a line printed before the call",
    of: terms,
    script: [[0, output(0, "a\nready\nb\n")]],
    by: "match",
    next: 8,
    text: "a\nready\n",
  },
  {
    name: "a line in two pieces",
    of: terms,
    script: [
      [0, output(0, "rea")],
      [0, output(3, "dy\nb")],
    ],
    by: "match",
    next: 6,
    text: "ready\n",
  },
  {
    name: "a piece that comes twice",
    of: terms,
    script: [
      [0, output(0, "rea")],
      [0, output(0, "rea")],
      [0, output(2, "ady\n")],
    ],
    by: "match",
    next: 6,
    text: "ready\n",
  },
  {
    name: "a cursor inside a piece",
    of: { ...terms, from: 6, newFrom: 6 },
    script: [[0, output(0, "ready\nready\n")]],
    by: "match",
    next: 12,
    text: "ready\n",
  },
  {
    name: "stored output, once all of it was read",
    of: terms,
    script: [
      [0, output(0, "a\n")],
      [0, output(2, "b\n")],
      [0, caughtUp],
    ],
    by: "output",
    next: 4,
    text: "a\nb\n",
  },
  {
    name: "output that comes",
    of: { ...terms, newFrom: 2 },
    script: [
      [0, output(0, "a\n")],
      [0, caughtUp],
      [9, output(2, "b\n")],
    ],
    by: "output",
    next: 4,
    text: "a\nb\n",
  },
  {
    name: "silence since the call",
    of: quiet,
    script: [
      [0, caughtUp],
      [1999, clock],
      [2000, clock],
    ],
    by: "idle",
    next: 0,
    text: "",
  },
  {
    name: "silence since the last output",
    of: quiet,
    script: [
      [0, caughtUp],
      [1900, output(0, "a")],
      [2000, clock],
      [3900, clock],
    ],
    by: "idle",
    next: 1,
    text: "a",
  },
  {
    name: "a prompt, once nothing follows it",
    of: matching,
    script: [
      [0, caughtUp],
      [5, output(0, "ready? ")],
      [104, clock],
      [105, clock],
    ],
    by: "match",
    next: 7,
    text: "ready? ",
  },
  {
    name: "a last line without an end",
    of: matching,
    script: [
      [0, output(0, "a\nready")],
      [0, runEnded],
    ],
    by: "match",
    next: 7,
    text: "a\nready",
  },
  {
    name: "the run's end, whatever is waited for",
    of: matching,
    script: [
      [0, output(0, "a\nb")],
      [0, runEnded],
    ],
    by: "exit",
    next: 3,
    text: "a\nb",
  },
  {
    name: "time, before an unfinished line",
    of: matching,
    script: [
      [0, caughtUp],
      [0, output(0, "a\nrea")],
      [10_000, clock],
    ],
    by: "time_up",
    next: 2,
    text: "a\nrea",
  },
  {
    name: "time, a little later while stored output is read",
    of: matching,
    script: [
      [10_499, clock],
      [10_500, clock],
    ],
    by: "time_up",
    next: 0,
    text: "",
  },
  {
    name: "a line that a gap tore, which is none",
    of: matching,
    script: [
      [0, output(0, "rea")],
      [0, gap(9)],
      [0, output(9, "dy\n")],
      [0, runEnded],
    ],
    by: "exit",
    next: 12,
    text: "dy\n",
  },
])("[R12] a wait ends on $name", ({ of, script, by, next, text }) => {
  const before = play(of, ...script.slice(0, -1));
  expect(before.type).not.toBe("ended");
  const state = play(of, ...script);
  expect(state).toMatchObject({ type: "ended", by, next });
  expect(state.type === "ended" ? readTail(state.tail).output : "").toBe(text);
});

test("[R11] waits that follow one another by their cursor find a line wherever they were cut", () => {
  const lines = fc.array(fc.constantFrom("a", "ready", "", "not yet ready", "é"), { maxLength: 8 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat(60), { maxLength: 6 }), (words, cuts) => {
      const bytes = encoder.encode(words.map((word) => `${word}\n`).join(""));
      const ends: number[] = [];
      let from = 0;
      for (const cut of [...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]) {
        for (;;) {
          const of: WaitTerms = { ...matching, from, newFrom: from, pattern: patternOf("^ready$") };
          const seen: WaitInput = { type: "output", offset: 0, bytes: bytes.subarray(0, cut) };
          const state = play(of, [0, seen], [0, caughtUp], [99_999, clock]);
          if (state.type !== "ended") throw new Error("its time is up");
          from = state.next;
          if (state.by !== "match") break;
          ends.push(state.next);
        }
      }
      let at = 0;
      const expected = words.flatMap((word) => {
        at += encoder.encode(word).length + 1;
        return word === "ready" ? [at] : [];
      });
      // A wait that ends between a line and its newline matches the line as it stands; nothing is found twice.
      expect(ends.map((end) => (bytes[end - 1] === 10 ? end : end + 1))).toEqual(expected);
    }),
  );
});

test("[R12] the clock is asked for no later than something can end", () => {
  const following = play(terms, [100, caughtUp]);
  expect(following.type === "ended" ? 0 : wakeAt(terms, following)).toBe(2100);
  const pending = play(matching, [100, caughtUp], [200, output(0, "read")]);
  expect(pending.type === "ended" ? 0 : wakeAt(matching, pending)).toBe(300);
  const searched = stepWait(matching, pending, clock, 300);
  expect(searched.type === "ended" ? 0 : wakeAt(matching, searched)).toBe(10_000);
});

import { constants } from "node:os";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { patternOf } from "@longwire/shared/fixtures/pattern-of.ts";
import { codeOfEnd, sayEnd, type RunEnd } from "./end-of-run.ts";
import { KeySender } from "./key-sender.ts";
import { LastLines } from "./last-lines.ts";
import { LeftModes } from "./left-modes.ts";
import { MatchingLines } from "./matching-lines.ts";
import { jsonLine } from "./print.ts";
import { readRunOptions } from "./run-options.ts";
import { alignRows, sayAge } from "./say-process.ts";
import { SafeText } from "./show-safely.ts";

const ended = { state: "exited", returncode: null, signal: null, reason: null } as const;
const ends: { end: RunEnd; code: number; words: string }[] = [
  { end: { ...ended, returncode: 0, reason: "exit" }, code: 0, words: "exited with 0" },
  { end: { ...ended, returncode: 3, reason: "stopped" }, code: 3, words: "exited with 3 (stopped)" },
  { end: { ...ended, signal: "SIGKILL", reason: "memory" }, code: 137, words: "was ended by SIGKILL (memory)" },
  { end: { ...ended, reason: "shim_lost" }, code: 1, words: "ended, and nobody saw how (shim_lost)" },
  { end: { ...ended, state: "failed", reason: "denied" }, code: 3, words: "did not run (denied)" },
  {
    end: { ...ended, state: "failed", reason: "spawn_failed", detail: "There is no program x." },
    code: 1,
    words: "did not run (spawn_failed): There is no program x",
  },
];

test.for(ends)("[U1] a run that $words is the exit code $code", ({ end, code, words }) => {
  expect([codeOfEnd(end, constants.signals), sayEnd(end)]).toEqual([code, words]);
});

const whatOf = (...args: string[]): unknown => {
  const { what, name, tags, cwd, tty } = readRunOptions(args) ?? {};
  return { what, name, tags, cwd, tty };
};
const none = { name: undefined, tags: undefined, cwd: undefined, tty: false };

test("[U1] the command begins with the first word that is no option, or behind `--`, and keeps its own options", () => {
  const given = { name: "dev", tags: ["a", "b"], cwd: "/x", tty: true };
  const options = ["--name", "dev", "-t", "a", "--tag=b", "--cwd", "/x", "--tty"];
  const argv = ["npm", "run", "dev", "--", "--port", "1", "--help"];
  expect(whatOf(...options, "--", ...argv)).toEqual({ ...given, what: { argv } });
  expect(whatOf(...options, ...argv)).toEqual({ ...given, what: { argv } });
  expect(whatOf("--", "--odd")).toEqual({ ...none, what: { argv: ["--odd"] } });
  expect(whatOf("echo 1 | cat")).toEqual({ ...none, what: { command: "echo 1 | cat" } });
  expect(whatOf("--use", "test", "--param", "file=a=b")).toEqual({
    ...none,
    what: { use: "test", params: [["file", "a=b"]] },
  });
});

test.for([
  { args: [], word: "say what to run" },
  { args: ["--nmae", "x", "true"], word: "--nmae" },
  { args: ["--name"], word: "--name" },
  { args: ["--use", "dev", "true"], word: "not both" },
  { args: ["--param", "a=b", "true"], word: "--use only" },
  { args: ["--use", "dev", "--param", "a"], word: "NAME=VALUE" },
  { args: ["--tty", "--json", "true"], word: "--tty" },
])("[U6] run $args is refused with what is wrong and how it goes", ({ args, word }) => {
  expect(() => readRunOptions(args)).toThrow(word);
  expect(() => readRunOptions(args)).toThrow("runner run [options]");
});

test("[U4] what is shown of a live output holds no sequence but colours and erasing in its line", () => {
  const show = (text: string, withColours = true): string => new SafeText(withColours).take(Buffer.from(text));
  expect(show("\u001b[31mred\u001b[0m 10%\r\u001b[K20%\n")).toBe("\u001b[31mred\u001b[0m 10%\r\u001b[0K20%\n");
  expect(show("\u001b[31mred\u001b[0m", false)).toBe("red");
  expect(show("a\u001b]0;title\u0007b\u001b[2J\u001b[Hc\u001b]52;c;aGk=\u001b\\d\u0007\u009b5nf\u001b[?1049h")).toBe(
    "abcdf",
  );
  expect(show("x\u202egnp.exe")).toBe("xgnp.exe");
  const pieces = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, (chunks) => {
      const safe = new SafeText(true);
      const shown = chunks.map((chunk) => safe.take(chunk)).join("");
      const left = shown.replaceAll(/\p{Cc}\[[0-9;]*[mK]/gu, "");
      expect(left).not.toMatch(/[^\P{Cc}\b\t\n\r]/u);
    }),
  );
});

test("[U4] lines with a match are found once each, in whatever pieces they come", () => {
  const text = "one\ntwo x\nthree\nx four\n\u001b[1mx\u001b[0m five";
  const pattern = patternOf("^x|x$");
  for (let size = 1; size <= text.length; size++) {
    const lines = new MatchingLines(pattern);
    const found: string[] = [];
    for (let at = 0; at < text.length; at += size) found.push(...lines.take(Buffer.from(text.slice(at, at + size))));
    expect([...found, ...lines.end()]).toEqual(["two x", "x four", "x five"]);
  }
});

test("[U4] the last lines are kept, and no more bytes than their bound", () => {
  const last = (lines: number, ...pieces: string[]): string => {
    const kept = new LastLines(lines, 12);
    for (const piece of pieces) kept.take(Buffer.from(piece));
    return Buffer.from(kept.bytes()).toString();
  };
  expect(last(2, "a\nb", "b\nc\n")).toBe("bb\nc\n");
  expect(last(2, "a\nb\nc")).toBe("b\nc");
  expect(last(5, "a\nb\n")).toBe("a\nb\n");
  expect(last(2, "\n\n\n")).toBe("\n\n");
  expect(last(1, "")).toBe("");
  expect(last(9, "0123456789\n0123456789\n")).toBe("\n0123456789\n");
});

test("[U3] what a program left switched on in the terminal is put back, and nothing else", () => {
  const after = (...pieces: string[]): string => {
    const modes = new LeftModes();
    for (const piece of pieces) modes.take(Buffer.from(piece));
    return modes.restoring();
  };
  expect(after("hello\r\n\u001b[1mbold\u001b[0m")).toBe("");
  expect(after("\u001b[?1049h\u001b[?25", "l\u001b[?1000;1006h\u001b[?2004h")).toBe(
    "\u001b[?1000l\u001b[?1006l\u001b[?2004l\u001b[?25h\u001b[?1049l",
  );
  expect(after("\u001b[?1049h\u001b[?25l", "\u001b[?25h\u001b[?1049l")).toBe("");
  expect(after("\u001b=\u001b[31m")).toBe("\u001b>\u001b[0m");
  expect(after("\u001b[?1h\u001b=\u001b[7m", "\u001bc")).toBe("");
});

test("[U3] keys are sent in order up to the one that leaves, few at a time", async () => {
  const sent: { text: string; answer: () => void }[] = [];
  let hasLeft = false;
  const keys = new KeySender({
    send: (data) => new Promise((resolve) => sent.push({ text: data.toString(), answer: () => resolve() })),
    onLeave: () => (hasLeft = true),
    onFailure: (error) => expect.unreachable(String(error)),
    onDoubt: () => expect.unreachable(),
  });
  const typed = Array.from({ length: 30 }, (_, at) => `<${at}>`);
  for (const one of typed) keys.take(Buffer.from(one));
  expect(sent.map(({ text }) => text)).toEqual(typed.slice(0, 16));
  sent[0]?.answer();
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(sent[16]?.text).toBe(typed.slice(16).join(""));
  sent[1]?.answer();
  await new Promise((resolve) => queueMicrotask(() => resolve(null)));
  keys.take(Buffer.from("bye\u001dlost"));
  keys.take(Buffer.from("lost too"));
  expect([sent[17]?.text, sent.length, hasLeft]).toEqual(["bye", 18, true]);
});

test("[U3] keys that may not have arrived are said so; that they may not be typed ends it", async () => {
  const codes = ["runner_timeout", "process_ended", "insufficient_scope"] as const;
  const told: string[] = [];
  let next: (typeof codes)[number] = "runner_timeout";
  const keys = new KeySender({
    send: () => Promise.reject(new LongwireError({ code: next, detail: "no" })),
    onLeave: () => expect.unreachable(),
    onFailure: (error) => told.push(`failed: ${(error as LongwireError).code}`),
    onDoubt: () => told.push("doubt"),
  });
  for (const code of codes) {
    next = code;
    keys.take(Buffer.from("x"));
    await new Promise((resolve) => queueMicrotask(() => resolve(null)));
  }
  expect(told).toEqual(["doubt", "failed: insufficient_scope"]);
});

test("[U5] JSON holds nothing that a terminal takes for more than a character, and reads back as it was", () => {
  const texts = fc
    .array(fc.integer({ min: 0, max: 0x10_ff_ff }), { maxLength: 20 })
    .map((points) => String.fromCodePoint(...points, 0x80 + (points.length % 32)));
  fc.assert(
    fc.property(texts, (text) => {
      const line = jsonLine({ text });
      expect(JSON.parse(line)).toEqual({ text });
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
  expect(jsonLine("\u009b2J\u{e0041}")).toBe('"\\u009b2J\\udb40\\udc41"\n');
});

test("[U5] a table's columns are as wide as they need to be, and its lines as the terminal", () => {
  const rows = [
    ["ID", "NAME", "COMMAND"],
    ["p1", "", "sleep 60"],
    ["p12", "web", "npm run dev"],
  ];
  expect(alignRows(rows, Infinity)).toEqual(["ID   NAME  COMMAND", "p1         sleep 60", "p12  web   npm run dev"]);
  expect(alignRows(rows, 15)).toEqual(["ID   NAME  COM…", "p1         sle…", "p12  web   npm…"]);
  expect([999, 59_999, 61_000, 7_200_000, 200_000_000].map(sayAge)).toEqual(["0s", "59s", "1m", "2h", "2d"]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { patternOf } from "../fixtures/pattern-of.ts";
import type { OutputPiece, OutputStream } from "./line.ts";
import { nameFilters, Renderer, type Rendered, type RenderOptions } from "./render.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);
const at = Date.UTC(2026, 10, 21, 9, 8, 7, 65);

const markHole: RenderOptions["markHole"] = ({ lines, from, to }) => `… ${lines} lines left out: 1.${from} to 1.${to}`;

function render(pieces: readonly OutputPiece[], options: Partial<RenderOptions> = {}): Rendered {
  const renderer = new Renderer({ decode, maxChars: 8000, markHole, ...options });
  for (const piece of pieces) renderer.take(piece);
  return renderer.end();
}

/** Texts one after the other, as one stream's pieces. */
function inPieces(texts: readonly string[], stream: OutputStream = "stdout", from = 0): OutputPiece[] {
  let offset = from;
  return texts.map((text) => {
    const bytes = encoder.encode(text);
    offset += bytes.length;
    return { stream, offset: offset - bytes.length, at, bytes };
  });
}

const textOf = (text: string, options?: Partial<RenderOptions>): string => render(inPieces([text]), options).text;

test.for([
  { name: "plain lines", text: "one\n  two\t3\n", shown: "one\n  two\t3\n" },
  { name: "a last line without an end", text: "one\n$ ", shown: "one\n$ \n" },
  { name: "colours", text: "\u{1b}[1;32mok\u{1b}[0m \u{9b}31mred\u{1b}(B\n", shown: "ok red\n" },
  {
    name: "titles and links",
    text: "\u{1b}]0;title\u{7}a\u{1b}]8;;http://x\u{1b}\\b\u{1b}]8;;\u{9c}c\n",
    shown: "abc\n",
  },
  {
    name: "device and application strings",
    text: "a\u{1b}Pq#0;2\u{1b}\\b\u{1b}_Gf=24;AAAA\u{1b}\\c\u{9e}x\u{9c}d\n",
    shown: "abcd\n",
  },
  { name: "a control string nobody ends", text: "a\u{1b}]0;title\nb\n", shown: "a\nb\n" },
  { name: "lines that end with both", text: "one\r\ntwo\r\n", shown: "one\ntwo\n" },
  { name: "a progress bar", text: "10%\r 50%\r100% done\nnext\n", shown: "100% done\nnext\n" },
  { name: "a shorter line over a longer one", text: "abcdef\rxy\n", shown: "xycdef\n" },
  { name: "a line wiped before it is written again", text: "fetching\r\u{1b}[Kdone\n", shown: "done\n" },
  { name: "backspaces", text: "abc\b\bX\nspin |\b/\b-\b \n", shown: "aXc\nspin\n" },
  {
    name: "a display of several rows",
    text: "a 1\nb 1\n\u{1b}[2A\u{1b}[Ka 2\n\u{1b}[Kb 2\n\u{1b}[2A\u{1b}[Jdone\n",
    shown: "done\n",
  },
  {
    name: "rows above that are written again",
    text: "a 1\nb 1\n\u{1b}[2Fa 2\n\u{1b}[1Eend\n",
    shown: "a 2\nb 1\nend\n",
  },
  { name: "columns", text: "a\u{1b}[10Gb\u{1b}[3Dc\u{1b}[Cd\n", shown: "a      c d\n" },
  { name: "characters that move up and make room", text: "abcdef\u{1b}[4D\u{1b}[2P\r\u{1b}[1@X\n", shown: "Xabef\n" },
  {
    name: "a screen that is cleared",
    text: "one\ntwo\n\u{1b}[2J\u{1b}[3J\u{1b}[Hthree\n\u{1b}cfour\n",
    shown: "one\ntwo\nthree\nfour\n",
  },
  {
    name: "a full-screen program that ended",
    text: "one\n\u{1b}[?1049h\u{1b}[Hpicture\n\u{1b}[?1049ltwo\n",
    shown: "one\ntwo\n",
  },
  { name: "a full-screen program that runs", text: "one\n\u{1b}[?1049h\u{1b}[Ha 1\u{1b}[Ha 2", shown: "one\na 2\n" },
])("[R30] $name", ({ text, shown }) => {
  expect(textOf(text)).toBe(shown);
});

test("[R30] both streams keep their lines whole, in the order they began", () => {
  const text = (stream: OutputStream, offset: number, value: string): OutputPiece => ({
    stream,
    offset,
    at,
    bytes: encoder.encode(value),
  });
  const pieces = [text("stdout", 0, "one\ntw"), text("stderr", 6, "warning\n"), text("stdout", 14, "o\nthree\n")];
  expect(render(pieces).text).toBe("one\ntwo\nwarning\nthree\n");
  const many = Array.from({ length: 200 }, (_, index) => `${String(index).padStart(3, "0")}\n`);
  const mixed = many.map((line, index) => text(index % 7 === 0 ? "stderr" : "stdout", index * 4, line));
  expect(render(mixed).text).toBe(many.join(""));
});

test("[R30] in whatever pieces output comes, the same is shown", () => {
  const parts = fc.constantFrom(
    "a",
    "bc ",
    "\n",
    "\r",
    "\b",
    "\t",
    "\u{1b}[A",
    "\u{1b}[2K",
    "\u{1b}[J",
    "\u{1b}[H",
    "\u{1b}]0;t\u{7}",
    "\u{1b}[31m",
    "\u{1b}[5G",
    "\u{1b}[?1049h",
    "\u{1b}[?1049l",
    "\u{1b}[2@",
    "\u{1b}7",
    "\u{1b}8",
    "é😀",
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 60 }), fc.array(fc.nat(200), { maxLength: 8 }), (texts, cuts) => {
      const whole = Array.from(texts.join(""));
      const ends = [...new Set([...cuts.filter((cut) => cut < whole.length), whole.length])].sort((a, b) => a - b);
      const split = ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end).join(""));
      expect(render(inPieces(split)).text).toBe(textOf(whole.join("")));
    }),
  );
});

test("[R30] nothing but what a terminal would write over is lost of plain text", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "ü", "😀", "[", "0", "…"), maxLength: 40 });
  fc.assert(
    fc.property(fc.uniqueArray(line.filter((text) => text !== "")), (lines) => {
      const text = lines.map((one) => `${one}\n`).join("");
      const { text: shown, filters } = render(inPieces([text]), { maxChars: 40_000 });
      expect(shown).toBe(text);
      expect(nameFilters(filters)).toBe("");
    }),
  );
});

test("[R31] lines that follow each other and say the same are folded, blank ones to one", () => {
  const { text, filters } = render(inPieces(["a\nb\nb\nb\n\n\n\na\n"]));
  expect(text).toBe("a\nb [×3]\n\na\n");
  expect(filters.folded).toBe(4);
  expect(textOf("x\n".repeat(100_000))).toBe("x [×100000]\n");
});

test("[R31] a long line says how much of it is left out", () => {
  const { text, filters } = render(inPieces([`${"x".repeat(10_000)}\n`, `${"y".repeat(500)}\n`]));
  expect(text).toBe(`${"x".repeat(500)}…(+9500 chars)\n${"y".repeat(500)}\n`);
  expect(filters.cut).toBe(1);
});

test("[R31] every filter that changed something is named, with how often", () => {
  const { filters } = render(inPieces([`\u{1b}[1mb\u{1b}[0m\nb\n1%\r2%\n${"x".repeat(501)}\n`]));
  expect(nameFilters(filters)).toBe(
    "2 escape sequences removed, 1 rewrites of a line applied, 1 repeated lines folded, 1 long lines cut",
  );
});

test("[R32] text beyond the budget is its first third and its end, and between them what gives the rest", () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  const { text, hole, lines: count } = render(inPieces([lines.join("\n")]), { maxChars: 900 });
  const shown = text.split("\n");
  const mark = shown.findIndex((line) => line.startsWith("…"));
  expect(text.length).toBeLessThanOrEqual(900);
  expect(text.length).toBeGreaterThan(880);
  expect(shown.slice(0, mark).join("\n").length).toBeLessThanOrEqual(300);
  expect(shown.slice(0, mark)).toEqual(lines.slice(0, mark));
  expect(shown.slice(mark + 1, -1)).toEqual(lines.slice(mark + (hole?.lines ?? 0)));
  expect(count).toBe(5000);
});

test("[R32] whatever is printed, the text is never longer than the budget, and what it names gives the middle", () => {
  const line = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "ö", "7", " "), maxLength: 30 }),
    fc.integer({ min: 1, max: 3000 }).map((count) => "w".repeat(count)),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 120 }), fc.integer({ min: 200, max: 1500 }), (lines, maxChars) => {
      const all = lines.map((one, index) => `${index} ${one}`);
      const bytes = encoder.encode(all.map((one) => `${one}\n`).join(""));
      const { text, hole } = render([{ stream: "stdout", offset: 0, at, bytes }], { maxChars });
      expect(text.length).toBeLessThanOrEqual(maxChars);
      if (hole === null) {
        expect(text.split("\n").length - 1).toBe(all.length);
        return;
      }
      const middle = decode(bytes.subarray(hole.from, hole.to)).split("\n").slice(0, -1);
      const head = text.split("\n").findIndex((shown) => shown.startsWith("… "));
      expect(middle).toEqual(all.slice(head, head + hole.lines));
      expect(decode(bytes.subarray(hole.to)).split("\n").length).toBe(text.split("\n").length - head - 1);
    }),
  );
});

test("[R32] with a tail the last lines are shown, and how many came before", () => {
  const { text, before } = render(inPieces(["1\n2\n3\n4\n5\n"]), { tail: 2 });
  expect({ text, before }).toEqual({ text: "4\n5\n", before: 3 });
  expect(render(inPieces(["1\n"]), { tail: 2 })).toMatchObject({ text: "1\n", before: 0 });
});

test("[R32] with a pattern its lines are shown with those around them", () => {
  const lines = "a\nb\nERR 1\nc\nd\ne\nERR 2\nERR 3\nf\n";
  const grep = (context: number): Rendered =>
    render(inPieces([lines]), { grep: { pattern: patternOf("ERR"), context } });
  expect(grep(0)).toMatchObject({ text: "ERR 1\n--\nERR 2\nERR 3\n", matches: 3 });
  expect(grep(1)).toMatchObject({ text: "b\nERR 1\nc\n--\ne\nERR 2\nERR 3\nf\n", matches: 3 });
  expect(grep(2).text).toBe(lines);
});

test("[R33] what is lost is shown where it was", () => {
  const renderer = new Renderer({ decode, maxChars: 8000, markHole });
  renderer.take({ stream: "stdout", offset: 0, at, bytes: encoder.encode("one\ntw") });
  renderer.gap({ from: 6, to: 1006, reason: "overflow" });
  renderer.take({ stream: "stdout", offset: 1006, at, bytes: encoder.encode("ee\n") });
  const { text, from, to, gaps } = renderer.end();
  expect(text).toBe("one\ntw\n[gap: 1000 bytes lost (overflow), offsets 6–1006]\nee\n");
  expect({ from, to, gaps }).toEqual({ from: 0, to: 1009, gaps: [{ from: 6, to: 1006, reason: "overflow" }] });
});

test("[R33] a time stamp is that of a line's first byte", () => {
  expect(textOf("one\n\u{1b}[1mtwo\n", { timestamps: true })).toBe("09:08:07.065 one\n09:08:07.065 two\n");
});

test("[R33] what was taken already is not taken again", () => {
  const [first, second] = inPieces(["one\ntwo\n", "three\n"]);
  const again: OutputPiece = { stream: "stdout", offset: 4, at, bytes: encoder.encode("two\nthree\n") };
  expect(render([first!, again, second!]).text).toBe("one\ntwo\nthree\n");
});

// Anything that is not linear would take hours for these.
test.for([
  { name: "one line", part: "x", times: 2_000_000 },
  { name: "escapes", part: "\u{1b}", times: 2_000_000 },
  { name: "sequences nobody ends", part: "\u{1b}[", times: 1_000_000 },
  { name: "strings nobody ends", part: "\u{1b}]", times: 1_000_000 },
  { name: "one endless sequence", part: ";1", times: 1_000_000, before: "\u{1b}[" },
  { name: "backspaces", part: "a\b", times: 1_000_000 },
  { name: "rewrites of a long line", part: "abc\r", times: 500_000, before: "y".repeat(5000) },
  { name: "insertions", part: "a\u{1b}[9@", times: 400_000, before: "y".repeat(5000) },
  { name: "erasures", part: "\u{1b}[1K", times: 200_000, before: "y".repeat(5000) },
  { name: "jumps", part: "\u{1b}[9999Bx\u{1b}[H", times: 150_000 },
  { name: "full-screen programs", part: "\u{1b}[?1049ha\n\u{1b}[?1049l", times: 100_000 },
  { name: "brackets", part: "[", times: 2_000_000 },
  { name: "blank lines", part: "\n", times: 500_000 },
])("[R34] $name in bulk take time linear in them, and give a short text", ({ part, times, before = "" }) => {
  expect(textOf(before + part.repeat(times)).length).toBeLessThan(1000);
});

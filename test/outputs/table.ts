// What each recorded output costs a model, in characters and in tokens: as it was printed, rendered, and as a digest.
// `node test/outputs/table.ts` prints the table of docs/output.md. With `--speed`: how long 10 MB of each take.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { countTokens } from "gpt-tokenizer";
import { Digester } from "@longwire/shared/digest/digest.ts";
import { Renderer } from "@longwire/shared/render/render.ts";

const recorded = path.join(import.meta.dirname, "recorded");
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

interface Taken {
  readonly take: (piece: { stream: "stdout"; offset: number; at: number; bytes: Uint8Array }) => void;
}

/** In pieces of a read's size, so many times one after the other. */
const feed = (taker: Taken, bytes: Uint8Array, times: number): void => {
  for (let round = 0; round < times; round++) {
    for (let at = 0; at < bytes.length; at += 65_536) {
      const piece = bytes.subarray(at, at + 65_536);
      taker.take({ stream: "stdout", offset: round * bytes.length + at, at: 0, bytes: piece });
    }
  }
};

const render = (bytes: Uint8Array, times = 1): string => {
  const renderer = new Renderer({ decode, maxChars: 40_000, markHole: ({ lines }) => `… ${lines} lines` });
  feed(renderer, bytes, times);
  return renderer.end().text;
};

const digest = (bytes: Uint8Array, times = 1): string => {
  const digester = new Digester({ decode, maxChars: 2000, run: 1 });
  feed(digester, bytes, times);
  return digester.end();
};

const cost = (text: string): string => `${text.length} / ${countTokens(text, { allowedSpecial: "all" })}`;
const names = readdirSync(recorded)
  .filter((file) => file.endsWith(".out"))
  .map((file) => file.slice(0, -".out".length));

if (process.argv.includes("--speed")) {
  const hostile: [string, Uint8Array][] = [
    ["one line", Buffer.from("x".repeat(1e7))],
    ["brackets", Buffer.from("[".repeat(1e7))],
    ["open sequences", Buffer.from("\u{1b}[".repeat(5e6))],
    ["open strings", Buffer.from("\u{1b}]".repeat(5e6))],
    ["rewrites", Buffer.from(`${"y".repeat(5000)}${"abc\r".repeat(25e5)}`)],
    ["long lines of dots", Buffer.from(`${"a.".repeat(990)}\n`.repeat(5000))],
    ["blank lines", Buffer.from("\n".repeat(1e7))],
  ];
  const real = names.map((name): [string, Uint8Array] => [name, readFileSync(path.join(recorded, `${name}.out`))]);
  console.log("| 10 MB of | rendered, ms | digest, ms |\n|---|---|---|");
  for (const [name, bytes] of [...real, ...hostile]) {
    const times = Math.ceil(1e7 / bytes.length);
    const began = performance.now();
    render(bytes, times);
    const rendered = performance.now();
    digest(bytes, times);
    console.log(`| ${name} | ${Math.round(rendered - began)} | ${Math.round(performance.now() - rendered)} |`);
  }
} else {
  console.log("| output | as printed | rendered | digest |\n|---|---|---|---|");
  for (const name of names) {
    const bytes = readFileSync(path.join(recorded, `${name}.out`));
    console.log(`| ${name} | ${cost(decode(bytes))} | ${cost(render(bytes))} | ${cost(digest(bytes))} |`);
  }
}

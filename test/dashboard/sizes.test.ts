// What a browser loads of the built dashboard before anything is shown.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { root } from "../support/product.ts";

const folder = path.join(root, "control-plane/dist/dashboard");
const gzipped = (file: string): number => gzipSync(readFileSync(path.join(folder, file)), { level: 9 }).byteLength;

/** The page, what it names, and what those import at once; what is imported when needed is not among them. */
function firstLoad(): Set<string> {
  const files = new Set(["index.html"]);
  for (const file of files) {
    const text = readFileSync(path.join(folder, file), "utf8");
    const isPage = file.endsWith(".html");
    const named = isPage ? /(?:src|href)="\/(assets\/[^"]+)"/g : /(?:from|import)\s*"\.\/([^"]+)"/g;
    if (!isPage && !file.endsWith(".js")) continue;
    for (const [, name = ""] of text.matchAll(named)) files.add(isPage ? name : `assets/${name}`);
  }
  return files;
}

test("[B5] the first load is at most 85 kB gzipped, and the terminal is not in it", () => {
  const files = firstLoad();
  const total = [...files].reduce((sum, file) => sum + gzipped(file), 0);
  expect([...files].some((file) => file.endsWith(".js"))).toBe(true);
  expect(total).toBeLessThan(85_000);
  const later = readdirSync(path.join(folder, "assets")).filter((file) => !files.has(`assets/${file}`));
  expect(later.some((file) => /^terminal-.*\.js$/.test(file))).toBe(true);
  expect([...files].filter((file) => /xterm|terminal/.test(file))).toEqual([]);
});

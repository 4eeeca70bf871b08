// A small project to be looked at: a page, an API, tests, and the policy of its owner.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../support/product.ts";

const api = `import { createServer } from "node:http";
const prices = [];
createServer((_, response) => response.end(JSON.stringify(prices))).listen(0, "127.0.0.1", function () {
  console.log("prices: listening on http://127.0.0.1:" + this.address().port);
});
setInterval(() => {
  const until = Date.now() + 20 + 60 * Math.random();
  while (Date.now() < until) prices.length = Math.min(prices.length, 500);
  prices.push(...Array.from({ length: 200 }, () => ({ at: Date.now(), cents: Math.round(Math.random() * 9900) })));
  console.log(new Date().toISOString().slice(11, 19), "GET /prices 200", Math.round(4 + Math.random() * 20) + " ms");
}, 700);
`;
const test = `import test from "node:test";
import assert from "node:assert";
test("a basket adds up", () => assert.equal(2 + 3, 5));
test("a price is never negative", () => assert.ok(1 >= 0));
`;

export interface Shop {
  readonly folder: string;
  readonly policy: string;
  /** Of somebody who has set nothing of their own. */
  readonly home: string;
  close(): void;
}

export function makeShop(): Shop {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-shop-")));
  const folder = path.join(base, "shop");
  mkdirSync(folder);
  const scripts = { dev: "vite --host 127.0.0.1 --port 0", api: "node api.mjs", test: "node --test shop.test.mjs" };
  // The program its script names is found there, and keeps nothing in this repository.
  const programs = path.join(folder, "node_modules/.bin");
  mkdirSync(programs, { recursive: true });
  const vite = path.join(root, "test/node_modules/.bin/vite");
  writeFileSync(path.join(programs, "vite"), `#!/bin/sh\nexec "${vite}" "$@"\n`, { mode: 0o755 });
  const files = {
    "package.json": JSON.stringify({ name: "shop", type: "module", scripts }),
    "index.html": "<!doctype html><title>Shop</title><h1>Shop</h1>",
    "api.mjs": api,
    "shop.test.mjs": test,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const policy = path.join(base, "policy.json");
  const command = (script: string, more: object): object => ({ root: "shop", argv: ["npm", "run", script], ...more });
  const commands = {
    dev: command("dev", { tags: ["frontend"], ready: { pattern: "ready in" } }),
    api: command("api", { tags: ["backend"], ready: { pattern: "listening" } }),
    test: command("test", { tags: ["tests"], params: {} }),
  };
  const file = { version: 1, mode: "ask", approve: ["terminal", "dashboard"], roots: { shop: folder }, commands };
  writeFileSync(policy, JSON.stringify(file), { mode: 0o600 });
  return { folder, policy, home: base, close: () => rmSync(base, { recursive: true, force: true }) };
}

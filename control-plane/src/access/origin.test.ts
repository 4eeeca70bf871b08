import { expect, test } from "vitest";
import { checkOrigin } from "./origin.ts";

const asked = (url: string, headers: Record<string, string>, method = "GET"): boolean =>
  checkOrigin(new Request(url, { method, headers })) === null;

const ours = "http://127.0.0.1:8787/v1/machines";

test.for([
  ["https://evil.example", false],
  ["null", false],
  ["", false],
  // A suffix, a prefix, a sibling, another port, another scheme's default port, a login in front, two of them.
  ["http://127.0.0.1:8787.evil.example", false],
  ["http://evil.127.0.0.1:8787", false],
  ["http://127.0.0.1", false],
  ["http://127.0.0.1:8788", false],
  ["http://localhost:8787", false],
  ["ws://127.0.0.1:8787", false],
  ["http://evil@127.0.0.1:8787", false],
  ["http://127.0.0.1:8787/", false],
  ["http://127.0.0.1:8787, http://evil.example", false],
  ["http://127.0.0.1:8787", true],
  // Behind something that ends the TLS.
  ["https://127.0.0.1:8787", true],
] as const)("[T31] a page of %j may send: %s", ([origin, may]) => {
  for (const method of ["GET", "POST", "OPTIONS"]) expect(asked(ours, { Origin: origin }, method)).toBe(may);
});

test("[T31] a page in clear may not send to its own name over TLS, nor a sibling", () => {
  const url = "https://wire.example/v1/machines";
  expect(asked(url, { Origin: "https://wire.example" })).toBe(true);
  for (const origin of [
    "http://wire.example",
    "https://a.wire.example",
    "https://example",
    "https://wire.example:444",
  ]) {
    expect(asked(url, { Origin: origin })).toBe(false);
  }
});

test("[T31] what a foreign page sends without an Origin is known by Sec-Fetch-Site; a link to a page may be followed", () => {
  expect(asked(ours, {})).toBe(true);
  for (const [site, may] of [
    ["same-origin", true],
    ["none", true],
    ["same-site", false],
    ["cross-site", false],
    ["anything", false],
  ] as const) {
    expect(asked(ours, { "Sec-Fetch-Site": site })).toBe(may);
    expect(asked(ours, { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate" })).toBe(may);
    const page = "http://127.0.0.1:8787/";
    expect(asked(page, { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate" })).toBe(true);
    expect(asked(page, { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate" }, "POST")).toBe(may);
    expect(asked(page, { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors" })).toBe(may);
  }
});

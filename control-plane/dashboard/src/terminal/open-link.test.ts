import { expect, test } from "vitest";
import { webAddress } from "./open-link.ts";

test.for([
  ["http://localhost:5173/", "http://localhost:5173/"],
  ["https://example.com/a?b#c", "https://example.com/a?b#c"],
  ["HTTP://EXAMPLE.com", "http://example.com/"],
  ["javascript:alert(1)", null],
  ["java\nscript:alert(1)", null],
  ["data:text/html,x", null],
  ["file:///etc/passwd", null],
  ["vscode://x", null],
  ["//example.com", null],
  ["", null],
] as const)("[R83] of %j the page opens %j", ([text, address]) => {
  expect(webAddress(text)).toBe(address);
});

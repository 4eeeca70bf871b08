import { expect, test } from "vitest";
import { maxHeaderBytes, maxHeaders, maxUrlLength } from "@longwire/shared/limits.ts";
import { checkBounds } from "./request-bounds.ts";

const ask = (url: string, headers: [string, string][] = []): string | null =>
  checkBounds(new Request(url, { headers }))?.code ?? null;

const origin = "http://a/";

test("[T30] an address may have so many characters, and not one more", () => {
  expect(ask(origin.padEnd(maxUrlLength, "x"))).toBeNull();
  expect(ask(origin.padEnd(maxUrlLength + 1, "x"))).toBe("url_too_long");
});

test("[T30] headers may be so many and hold so much, under however many names", () => {
  const many = (count: number): [string, string][] => Array.from({ length: count }, (_, at) => [`h${at}`, "x"]);
  expect(ask(origin, many(maxHeaders))).toBeNull();
  expect(ask(origin, many(maxHeaders + 1))).toBe("headers_too_large");
  expect(ask(origin, [["a", "x".repeat(maxHeaderBytes - 1)]])).toBeNull();
  expect(ask(origin, [["a", "x".repeat(maxHeaderBytes)]])).toBe("headers_too_large");
  const oneName: [string, string][] = Array.from({ length: 10_000 }, () => ["a", "xx"]);
  expect(ask(origin, oneName)).toBe("headers_too_large");
});

import { expect, test } from "vitest";
import { readRateLimits, readStarts } from "./limits.ts";

test("[T34] a thousand bad tokens a minute meet the embedded default, and everything of it can be set", () => {
  const { LIMIT_GUESSES, LIMIT_ENTRIES, LIMIT_CALLS } = readRateLimits({});
  expect(LIMIT_GUESSES.limit).toBeLessThan(1000);
  expect([LIMIT_ENTRIES.limit, LIMIT_CALLS.limit]).toEqual([600, 10_000]);
  const set = { LONGWIRE_GUESSES_PER_MINUTE: "5", LONGWIRE_ENTRIES_PER_MINUTE: "6", LONGWIRE_CALLS_PER_MINUTE: "7" };
  expect(readRateLimits(set)).toEqual({
    LIMIT_GUESSES: { limit: 5, period: 60 },
    LIMIT_ENTRIES: { limit: 6, period: 60 },
    LIMIT_CALLS: { limit: 2, period: 10 },
  });
  expect(readStarts({})).toEqual({});
  expect(readStarts({ LONGWIRE_STARTS_PER_MINUTE: "8" })).toEqual({ STARTS_PER_MINUTE: "8" });
});

test("[E5] a limit that is no number is refused by name", () => {
  for (const text of ["", "0", "-1", "many", "1e3", "999999999"]) {
    expect(() => readRateLimits({ LONGWIRE_CALLS_PER_MINUTE: text })).toThrow("LONGWIRE_CALLS_PER_MINUTE must be");
    expect(() => readStarts({ LONGWIRE_STARTS_PER_MINUTE: text })).toThrow("LONGWIRE_STARTS_PER_MINUTE must be");
  }
});

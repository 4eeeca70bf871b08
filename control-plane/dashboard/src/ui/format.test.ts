import { expect, test } from "vitest";
import { commandLine, formatAgo, formatBytes, formatDuration, formatPercent, quoteArgument } from "./format.ts";

test("[B7] figures and times are as short as they are exact", () => {
  expect([0, 999, 1000, 1536, 1024 * 1024 * 12, 1024 ** 3 * 1.5, 1024 ** 4 * 200].map(formatBytes)).toEqual([
    ...["0 B", "999 B", "1.0 KB", "1.5 KB", "12.0 MB", "1.5 GB", "200 TB"],
  ]);
  expect([0, 0.42, 9.96, 10, 256.4].map(formatPercent)).toEqual(["0%", "0.4%", "10.0%", "10%", "256%"]);
  expect([-5, 59_999, 60_000, 3_725_000, 47 * 3600_000, 100 * 3600_000].map(formatDuration)).toEqual([
    ...["0s", "59s", "1m 00s", "1h 02m", "47h 00m", "4d 4h"],
  ]);
  const now = Date.parse("2026-01-10T12:00:00Z");
  const ago = [5, 40, 300, 7200, 300_000].map((seconds) => formatAgo(now - seconds * 1000, now));
  expect(ago).toEqual(["just now", "40s ago", "5m ago", "2h ago", "3d ago"]);
});

test("[B8] where an argument begins and ends can be seen", () => {
  expect(["npm", "--port=5173", "a b", "", "it's", "a\nb", "$(x)"].map(quoteArgument)).toEqual([
    ...["npm", "--port=5173", "'a b'", "''", String.raw`'it'\''s'`, "'a\nb'", "'$(x)'"],
  ]);
  expect(commandLine({ argv: ["echo", "a b"] })).toBe("echo 'a b'");
  expect(commandLine({ command: "echo   a" })).toBe("echo   a");
});

import { expect, test } from "vitest";
import { parsePsUsage, parseStatUsage } from "./tree-usage.ts";

test("[P30] processor time is that of the process and of the children it waited for, whatever it is called", () => {
  const before = "7 (a) b (c) S 1 7 7 0 -1 4194304 100 0 0 0";
  expect(parseStatUsage(`${before} 11 22 33 44 20 0 1 0 99 0 0`)).toEqual({ cpu_ms: 1100 });
});

test("[P30] what `ps` says of several processes is summed up", () => {
  const text = "  1024 0:01.50\n  2048 1-02:03:04\n nonsense\n";
  const cpu_ms = 1500 + (26 * 3600 + 3 * 60 + 4) * 1000;
  expect(parsePsUsage(text)).toEqual({ memory_bytes: 3 * 1024 * 1024, cpu_ms, open_files: 0 });
});

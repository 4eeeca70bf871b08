import { expect, test } from "vitest";
import { parseProcStat } from "@longwire/shared/node/process-identity.ts";
import { parseLsof, parseProcNet } from "./listening-ports.ts";
import { parsePs } from "./process-table.ts";

test("[P7] a process is read from /proc whatever its name is", () => {
  const rest = "S 10 20 30 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2";
  expect(parseProcStat(`42 (a) b (c)) ${rest}`)).toEqual({
    state: "S",
    ppid: 10,
    pgid: 20,
    sid: 30,
    foreground: -1,
    started: "987654",
  });
  expect(parseProcStat("")).toBeNull();
});

test("[P7] processes are read from ps with the marker in their environment", () => {
  const text = [
    "  501     1   501 S    Mon Nov  9 10:00:00 2026     node server.js HOME=/x RUNNER_PROCESS_ID=abc TERM=x",
    "  502   501   501 T+   Mon Nov 16 10:00:01 2026     cat RUNNER_PROCESS_ID=abcdef",
    "  503   502   501 Z    Mon Nov 16 10:00:02 2026     (sh)",
  ].join("\n");
  expect(parsePs(text, "abc")).toEqual([
    {
      pid: 501,
      ppid: 1,
      pgid: 501,
      sid: 0,
      started: "Mon Nov 9 10:00:00 2026",
      zombie: false,
      halted: false,
      marked: true,
    },
    {
      pid: 502,
      ppid: 501,
      pgid: 501,
      sid: 0,
      started: "Mon Nov 16 10:00:01 2026",
      zombie: false,
      halted: true,
      marked: false,
    },
    {
      pid: 503,
      ppid: 502,
      pgid: 501,
      sid: 0,
      started: "Mon Nov 16 10:00:02 2026",
      zombie: true,
      halted: false,
      marked: false,
    },
  ]);
});

test("[P7] listening ports are read from /proc and from lsof", () => {
  const text = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0",
    "   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0",
  ].join("\n");
  expect([...parseProcNet(text)]).toEqual([["4711", 8080]]);
  expect([...parseLsof("p12\nf3\nn*:8080\nf4\nn[::1]:80\np13\nf5\nn127.0.0.1:9000\n")]).toEqual([
    [12, [80, 8080]],
    [13, [9000]],
  ]);
});

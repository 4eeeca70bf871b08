import { expect, test } from "vitest";
import { parseProcStat } from "@longwire/shared/node/process-identity.ts";
import { parseLsof, parseProcNet } from "./listening-ports.ts";
import { findMarker, parsePs } from "./process-table.ts";
import { parseCpuTime, parseProcIo, parseUnits } from "./usage.ts";

test("[P7] a process is read from /proc whatever its name is", () => {
  const rest = "S 10 20 30 0 -1 4194304 1 2 3 4 50 6 700 8 20 0 1 0 987654 123456 77 18446744073709551615";
  expect(parseProcStat(`42 (a) b (c)) ${rest}`)).toEqual({
    state: "S",
    ppid: 10,
    pgid: 20,
    sid: 30,
    foreground: -1,
    started: "987654",
    ticks: { user: 50, system: 6, endedUser: 700, endedSystem: 8 },
    residentPages: 77,
  });
  expect(parseProcStat("")).toBeNull();
});

test("[P7] the marker is read from an environment, and from nothing that only looks like it", () => {
  const of = (...entries: string[]): Buffer => Buffer.from(entries.map((entry) => `${entry}\0`).join(""));
  expect(findMarker(of("A=b", "RUNNER_PROCESS_ID=abc", "C=d"))).toBe("abc");
  expect(findMarker(of("RUNNER_PROCESS_ID=abc"))).toBe("abc");
  expect(findMarker(of("MY_RUNNER_PROCESS_ID=x", "RUNNER_PROCESS_ID=abc"))).toBe("abc");
  expect(findMarker(of("MY_RUNNER_PROCESS_ID=x"))).toBeNull();
  expect(findMarker(Buffer.from("RUNNER_PROCESS_ID=cut"))).toBe("cut");
  expect(findMarker(null)).toBeNull();
});

test("[P7] [P37] processes are read from ps with the marker in their environment and what they use", () => {
  const text = [
    "  501     1   501 S     34512   0:01.50   0:01.25 Mon Nov  9 10:00:00 2026     node server.js HOME=/x RUNNER_PROCESS_ID=abc TERM=x",
    "  502   501   501 T+      900   1:00.00   0:20.00 Mon Nov 16 10:00:01 2026     cat",
    "  503   502   501 Z         0   0:00.00   0:00.00 Mon Nov 16 10:00:02 2026     (sh)",
  ].join("\n");
  const of = { pgid: 501, sid: 0, zombie: false, halted: false, marker: null };
  expect(parsePs(text)).toEqual([
    {
      ...of,
      pid: 501,
      ppid: 1,
      started: "Mon Nov 9 10:00:00 2026",
      marker: "abc",
      usage: { userMs: 1250, systemMs: 250, residentBytes: 34_512 * 1024 },
    },
    {
      ...of,
      pid: 502,
      ppid: 501,
      started: "Mon Nov 16 10:00:01 2026",
      halted: true,
      usage: { userMs: 20_000, systemMs: 40_000, residentBytes: 900 * 1024 },
    },
    {
      ...of,
      pid: 503,
      ppid: 502,
      started: "Mon Nov 16 10:00:02 2026",
      zombie: true,
      usage: { userMs: 0, systemMs: 0, residentBytes: 0 },
    },
  ]);
});

test("[P7] [P38] listening ports are read from /proc and from lsof, with their addresses", () => {
  const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
  const rest = "00000000:00000000 00:00000000 00000000     0        0";
  const text = [
    head,
    `   0: 0100007F:1F90 00000000:0000 0A ${rest} 4711 1 0 100 0 0 10 0`,
    `   1: 0100007F:1F91 0100007F:1F90 01 ${rest} 4712 1 0 100 0 0 10 0`,
  ].join("\n");
  expect([...parseProcNet(text)]).toEqual([["4711", { port: 8080, address: "127.0.0.1" }]]);
  const six = (address: string, inode: number): string =>
    `   0: ${address}:0BB8 ${"0".repeat(32)}:0000 0A ${rest} ${inode} 1 0 100 0 0 10 0`;
  const any = "0".repeat(32);
  const table = [
    head,
    six(any, 1),
    six("00000000000000000000000001000000", 2),
    six("B80D0120000000000000000001000000", 3),
  ];
  expect([...parseProcNet(table.join("\n")).values()].map(({ address }) => address)).toEqual([
    "::",
    "::1",
    "2001:db8::1",
  ]);
  expect(parseLsof("p12\nf3\nn*:8080\nf4\nn[::1]:80\np13\nf5\nn127.0.0.1:9000\n")).toEqual([
    { port: 8080, address: "*", pid: 12 },
    { port: 80, address: "::1", pid: 12 },
    { port: 9000, address: "127.0.0.1", pid: 13 },
  ]);
});

test("[P37] the kernel's units, its count of bytes and the times of ps are read", () => {
  const auxv = Buffer.alloc(48);
  [6n, 16_384n, 17n, 250n, 0n, 0n].forEach((value, at) => auxv.writeBigUInt64LE(value, at * 8));
  expect(parseUnits(auxv)).toEqual({ pageBytes: 16_384, ticksPerSecond: 250 });
  expect(parseUnits(Buffer.alloc(0))).toEqual({ pageBytes: 4096, ticksPerSecond: 100 });
  const io = "rchar: 1948\nwchar: 12\nsyscr: 7\nsyscw: 0\nread_bytes: 4096\nwrite_bytes: 0\ncancelled_write_bytes: 0\n";
  expect(parseProcIo(io)).toEqual({ readBytes: 1948, writtenBytes: 12 });
  expect(["0:00.05", "12:34.50", "1:02:03", "2-01:00:00", "-"].map(parseCpuTime)).toEqual([
    50, 754_500, 3_723_000, 176_400_000, 0,
  ]);
});

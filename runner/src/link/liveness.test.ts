import { expect, test } from "vitest";
import { judgeLiveness, type LinkTimes } from "./liveness.ts";

const wallAt = 1_700_000_000_000;
const times: LinkTimes = {
  lastPingAt: 0,
  awaitingPongSince: null,
  awaitingAckSince: null,
  lastLookAt: 999,
  lastLookWall: wallAt + 999,
};

test.for([
  { name: "a quiet link", change: {}, now: 2000, verdict: "fine" },
  {
    name: "a ping is due",
    change: { lastLookAt: 19_500, lastLookWall: wallAt + 19_500 },
    now: 20_000,
    verdict: "ping",
  },
  {
    name: "a pong within its time",
    change: { awaitingPongSince: 1000, lastLookAt: 10_500, lastLookWall: wallAt + 10_500 },
    now: 11_000,
    verdict: "fine",
  },
  {
    name: "no pong",
    change: { awaitingPongSince: 1000, lastLookAt: 10_500, lastLookWall: wallAt + 10_500 },
    now: 11_001,
    verdict: "dead",
  },
  {
    name: "no acknowledgement",
    change: { awaitingAckSince: 1000, lastLookAt: 15_500, lastLookWall: wallAt + 15_500 },
    now: 16_001,
    verdict: "dead",
  },
  { name: "a timer that comes late", change: {}, now: 7000, verdict: "dead" },
])("[D11] $name: $verdict", ({ change, now, verdict }) => {
  expect(judgeLiveness({ ...times, ...change }, now, wallAt + now).type).toBe(verdict);
});

test("[D11] clocks that part mean that the machine slept", () => {
  expect(judgeLiveness(times, 2000, wallAt + 2000 + 5001)).toEqual({ type: "dead", reason: "this machine was asleep" });
  expect(judgeLiveness(times, 2000, wallAt + 2000 - 5001).type).toBe("dead");
});

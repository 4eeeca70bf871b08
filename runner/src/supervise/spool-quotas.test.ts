import fc from "fast-check";
import { expect, test } from "vitest";
import { areSpoolsFull, shareSpoolBytes, type SpoolUse } from "./spool-quotas.ts";

const MiB = 1024 * 1024;
const bounds = { runBytes: 256 * MiB, machineBytes: 1024 * MiB };
const live = (heldBytes: number): SpoolUse => ({ heldBytes: heldBytes * MiB, isLive: true });
const ended = (heldBytes: number): SpoolUse => ({ heldBytes: heldBytes * MiB, isLive: false });

test.each<[string, SpoolUse[], number[]]>([
  ["four runs have room for all", [live(0), live(256), live(3), live(100)], [256, 256, 256, 256]],
  ["eight that flood share equally", Array.from({ length: 8 }, () => live(200)), Array.from({ length: 8 }, () => 128)],
  [
    "one that floods beside many that do not keeps its whole bound",
    [live(200), ...Array.from({ length: 9 }, () => live(0))],
    [256, 76, 76, 76, 76, 76, 76, 76, 76, 76],
  ],
  ["what ended runs hold is taken off", [ended(512), ended(256), live(200), live(200)], [128, 128]],
  ["nothing is left", [ended(2000), live(5)], [0]],
  ["nobody lives", [ended(2)], []],
])("[D24] %s", (_, uses, expected) => {
  expect([...shareSpoolBytes(uses, bounds).values()].map((bytes) => Math.floor(bytes / MiB))).toEqual(expected);
});

test("[D24] together the bounds keep to the machine's, and who holds more never gets less", () => {
  const use = fc.record({ heldBytes: fc.nat(400 * MiB), isLive: fc.boolean() });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 40 }), (uses) => {
      const shares = [...shareSpoolBytes(uses, bounds)];
      const held = uses.reduce((sum, { heldBytes, isLive }) => sum + (isLive ? 0 : heldBytes), 0);
      const total = shares.reduce((sum, [, bytes]) => sum + bytes, 0);
      expect(total).toBeLessThanOrEqual(Math.max(0, bounds.machineBytes - held));
      const rising = shares.toSorted(([one], [other]) => one.heldBytes - other.heldBytes);
      for (const [at, [, bytes]] of rising.entries()) {
        expect(bytes).toBeLessThanOrEqual(bounds.runBytes);
        expect(bytes).toBeGreaterThanOrEqual((rising[at - 1]?.[1] ?? 0) - 1);
      }
    }),
  );
});

test("[C5] the spools are full when all that may be held before children are slowed is held", () => {
  expect(areSpoolsFull([live(256), ended(255)], bounds)).toBe(false);
  expect(areSpoolsFull([live(256), ended(256)], bounds)).toBe(true);
});

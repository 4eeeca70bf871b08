import { expect, test } from "vitest";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { type BatchFrame, Outbox, smallBytes } from "./outbox.ts";

const spool = "a".repeat(32) as SpoolId;
const other = "b".repeat(32) as SpoolId;
const batchOf = (bytes: number, next: Record<SpoolId, number>, behind: readonly SpoolId[] = []): BatchFrame => ({
  frame: new Uint8Array(bytes),
  positions: new Map(Object.entries(next).map(([id, at]) => [id as SpoolId, { next: at, check: 7 }])),
  behind,
});

test("[D5] reading goes on where the control plane stands, and a spool it never heard of begins at 1", () => {
  const outbox = new Outbox({ [spool]: 42 }, 1000);
  expect(outbox.positionOf(spool)).toEqual({ next: 42, check: null });
  expect(outbox.positionOf(other)).toEqual({ next: 1, check: 0 });
});

test("[D10] only so much is on its way; an acknowledgement frees what it covers", () => {
  const outbox = new Outbox({}, 10_000);
  outbox.noteSent(batchOf(6000, { [spool]: 2 }), 0);
  expect(outbox.hasRoom).toBe(true);
  outbox.noteSent(batchOf(6000, { [spool]: 3 }), 0);
  expect(outbox.hasRoom).toBe(false);
  outbox.noteAck(1, {}, 1);
  expect([outbox.hasRoom, outbox.inFlightBytes, outbox.nextBatch]).toEqual([true, 6000, 3]);
});

test("[D10] two large batches are on their way, and beside them a few small ones", () => {
  const outbox = new Outbox({}, 1_000_000);
  for (const next of [2, 3]) {
    expect(outbox.hasRoom).toBe(true);
    outbox.noteSent(batchOf(smallBytes + 1, { [spool]: next }), 0);
  }
  for (let small = 0; small < 8; small++) {
    expect([outbox.hasRoom, outbox.hasRoomForSmall]).toEqual([false, true]);
    outbox.noteSent(batchOf(smallBytes, { [other]: small + 2 }), 0);
  }
  expect(outbox.hasRoomForSmall).toBe(false);
  outbox.noteAck(1, {}, 1);
  expect([outbox.hasRoom, outbox.hasRoomForSmall]).toEqual([false, false]);
  outbox.noteAck(3, {}, 2);
  expect([outbox.hasRoom, outbox.hasRoomForSmall]).toEqual([true, true]);
});

test("[D36] a spool keeps up until a batch leaves something of it behind, and again after one that does not", () => {
  const outbox = new Outbox({}, 1_000_000);
  expect([outbox.keepsUp(spool), outbox.keepsUp(other)]).toEqual([true, true]);
  outbox.noteSent(batchOf(10, { [spool]: 2 }, [spool, other]), 0);
  expect([outbox.keepsUp(spool), outbox.keepsUp(other)]).toEqual([false, false]);
  outbox.noteSent(batchOf(10, { [other]: 2 }), 0);
  expect([outbox.keepsUp(spool), outbox.keepsUp(other)]).toEqual([false, true]);
  outbox.rewind(1, {});
  expect(outbox.keepsUp(spool)).toBe(true);
});

test("[D1] the runner goes back once, whatever else was refused on the way", () => {
  const outbox = new Outbox({ [spool]: 5 }, 1000);
  for (const next of [6, 7, 8]) outbox.noteSent(batchOf(10, { [spool]: next }), 0);
  expect(outbox.rewind(1, { [spool]: 5 })).toBe(true);
  expect([outbox.positionOf(spool).next, outbox.inFlightBytes]).toEqual([5, 0]);
  expect(outbox.rewind(2, { [spool]: 5 })).toBe(false);
  outbox.noteSent(batchOf(10, { [spool]: 6 }), 0);
  expect(outbox.rewind(3, { [spool]: 5 })).toBe(false);
  expect(outbox.positionOf(spool).next).toBe(6);
  expect(outbox.rewind(4, { [spool]: 5 })).toBe(true);
});

test("[D1] what left behind a refused batch is read again too, also of spools the refusal does not name", () => {
  const outbox = new Outbox({ [spool]: 5, [other]: 9 }, 1000);
  outbox.noteSent(batchOf(10, { [spool]: 6 }), 0);
  outbox.noteSent(batchOf(10, { [spool]: 7, [other]: 12 }), 0);
  outbox.noteSent(batchOf(10, { [other]: 15 }), 0);
  expect(outbox.rewind(1, { [spool]: 4 })).toBe(true);
  expect([outbox.positionOf(spool).next, outbox.positionOf(other).next]).toEqual([4, 9]);
});

test("[D1] what turns out to be stored after the runner went back is not read again", () => {
  const outbox = new Outbox({ [spool]: 5 }, 1000);
  outbox.noteSent(batchOf(10, { [spool]: 8 }), 0);
  outbox.rewind(1, { [spool]: 5 });
  outbox.noteAck(1, { [spool]: 8 }, 1);
  expect(outbox.positionOf(spool).next).toBe(8);
  outbox.noteSent(batchOf(10, { [spool]: 9 }), 0);
  outbox.rewind(2, {});
  expect(outbox.positionOf(spool).next).toBe(8);
});

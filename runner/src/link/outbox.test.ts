import { expect, test } from "vitest";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { Outbox, type ReadPosition } from "./outbox.ts";

const spool = "a".repeat(32) as SpoolId;
const moved = (next: number): ReadonlyMap<SpoolId, ReadPosition> => new Map([[spool, { next, check: 7 }]]);

test("[D5] reading goes on where the control plane stands, and a spool it never heard of begins at 1", () => {
  const outbox = new Outbox({ [spool]: 42 }, 1000);
  expect(outbox.positionOf(spool)).toEqual({ next: 42, check: null });
  expect(outbox.positionOf("b".repeat(32) as SpoolId)).toEqual({ next: 1, check: 0 });
});

test("[D10] only so much is on its way; an acknowledgement frees what it covers", () => {
  const outbox = new Outbox({}, 1000);
  outbox.noteSent(new Uint8Array(600), moved(2), 0);
  expect(outbox.hasRoom).toBe(true);
  outbox.noteSent(new Uint8Array(600), moved(3), 0);
  expect(outbox.hasRoom).toBe(false);
  outbox.noteAck(1, {}, 1);
  expect([outbox.hasRoom, outbox.inFlightBytes, outbox.nextBatch]).toEqual([true, 600, 3]);
});

test("[D10] of much two batches are on their way, of little several", () => {
  const outbox = new Outbox({}, 1_000_000);
  for (let batch = 0; batch < 8; batch++) {
    expect(outbox.hasRoom).toBe(true);
    outbox.noteSent(new Uint8Array(500), moved(batch), 0);
  }
  expect(outbox.hasRoom).toBe(false);
  outbox.noteAck(7, {}, 1);
  outbox.noteSent(new Uint8Array(20_000), moved(9), 1);
  expect(outbox.hasRoom).toBe(false);
  outbox.noteAck(8, {}, 2);
  expect(outbox.hasRoom).toBe(true);
});

test("[D1] the runner goes back once, whatever else was refused on the way", () => {
  const outbox = new Outbox({ [spool]: 5 }, 1000);
  for (const next of [6, 7, 8]) outbox.noteSent(new Uint8Array(10), moved(next), 0);
  expect(outbox.rewind(1, { [spool]: 5 })).toBe(true);
  expect([outbox.positionOf(spool).next, outbox.inFlightBytes]).toEqual([5, 0]);
  expect(outbox.rewind(2, { [spool]: 5 })).toBe(false);
  outbox.noteSent(new Uint8Array(10), moved(6), 0);
  expect(outbox.rewind(3, { [spool]: 5 })).toBe(false);
  expect(outbox.positionOf(spool).next).toBe(6);
  expect(outbox.rewind(4, { [spool]: 5 })).toBe(true);
});

test("[D1] what left behind a refused batch is read again too, also of spools the refusal does not name", () => {
  const other = "b".repeat(32) as SpoolId;
  const outbox = new Outbox({ [spool]: 5, [other]: 9 }, 1000);
  outbox.noteSent(new Uint8Array(10), moved(6), 0);
  outbox.noteSent(new Uint8Array(10), new Map([...moved(7), [other, { next: 12, check: 8 }]]), 0);
  outbox.noteSent(new Uint8Array(10), new Map([[other, { next: 15, check: 9 }]]), 0);
  expect(outbox.rewind(1, { [spool]: 4 })).toBe(true);
  expect([outbox.positionOf(spool).next, outbox.positionOf(other).next]).toEqual([4, 9]);
});

test("[D1] what turns out to be stored after the runner went back is not read again", () => {
  const outbox = new Outbox({ [spool]: 5 }, 1000);
  outbox.noteSent(new Uint8Array(10), moved(8), 0);
  outbox.rewind(1, { [spool]: 5 });
  outbox.noteAck(1, { [spool]: 8 }, 1);
  expect(outbox.positionOf(spool).next).toBe(8);
  outbox.noteSent(new Uint8Array(10), moved(9), 0);
  outbox.rewind(2, {});
  expect(outbox.positionOf(spool).next).toBe(8);
});

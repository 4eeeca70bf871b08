import { maxFrameBytes } from "@longwire/shared/limits.ts";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { expect, test } from "vitest";
import { Outbox } from "./outbox.ts";

const send = (outbox: Outbox, bytes: number): ArrayBuffer => {
  const frame = outbox.memory.take(bytes);
  expect(frame.byteLength).toBe(bytes);
  outbox.noteSent({ frame, positions: new Map(), behind: [] }, 0);
  return frame.buffer;
};

test("[D10] a frame's memory is used again after its acknowledgement, and never before", () => {
  const outbox = new Outbox({}, maxFrameBytes);
  const first = send(outbox, 10);
  const second = send(outbox, 20);
  expect(second).not.toBe(first);
  outbox.noteAck(1, {}, 1);
  expect(send(outbox, maxFrameBytes)).toBe(first);
  expect(send(outbox, 5)).not.toBe(second);
});

test("[D1] what was refused may still be on its way: its memory is left alone", () => {
  const spool = "a".repeat(32) as SpoolId;
  const outbox = new Outbox({ [spool]: 5 }, maxFrameBytes);
  const refused = send(outbox, 10);
  outbox.rewind(1, { [spool]: 5 });
  outbox.noteAck(1, {}, 1);
  expect(send(outbox, 10)).not.toBe(refused);
});

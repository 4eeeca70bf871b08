import fc from "fast-check";
import { expect, test } from "vitest";
import { viewerCreditBytes } from "./limits.ts";
import { beginViewing, hasCredit, noteAck, noteSent, viewerProgressSchema } from "./viewer-progress.ts";

test("[R2] an acknowledgement gives back what it covers, and nothing that came after", () => {
  let progress = noteSent(noteSent(beginViewing(0), 1, 300_000), 2, 300_000);
  progress = noteAck(progress, 1);
  expect(progress.unacked).toBe(300_000);
  expect(noteAck(progress, 2).unacked).toBe(0);
  expect(noteAck(progress, 1)).toBe(progress);
});

test("[R2] credit ends at the bound and comes back", () => {
  let progress = beginViewing(10);
  progress = noteSent(progress, 11, viewerCreditBytes);
  expect(hasCredit(progress)).toBe(false);
  expect(hasCredit(noteAck(progress, 11))).toBe(true);
});

test("[R2] what is remembered stays small, and an acknowledgement of the last event gives all credit back", () => {
  const sends = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(sends, fc.nat(200), (sizes, ackAt) => {
      let progress = beginViewing(0);
      let sent = 0;
      for (const [index, bytes] of sizes.entries()) {
        if (!hasCredit(progress)) break;
        progress = noteSent(progress, index + 1, bytes);
        sent += bytes;
      }
      expect(progress.unacked).toBe(sent);
      expect(viewerProgressSchema.safeParse(progress).success).toBe(true);
      expect(JSON.stringify(progress).length).toBeLessThan(4096);
      const acked = noteAck(progress, Math.min(ackAt, progress.cursor));
      expect(acked.unacked).toBeLessThanOrEqual(sent);
      expect(noteAck(acked, progress.cursor).unacked).toBe(0);
    }),
  );
});

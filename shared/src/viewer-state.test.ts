import fc from "fast-check";
import { expect, test } from "vitest";
import { maxSubscriptions, viewerCreditBytes } from "./limits.ts";
import {
  addSubscription,
  freshViewer,
  giveCredit,
  removeSubscription,
  takeCredit,
  viewerStateSchema,
  type ViewerState,
} from "./viewer-state.ts";

const filled = Array.from({ length: maxSubscriptions }, (_, at) => ({ id: at + 1, cursor: 0, filter: {} })).reduce(
  (state: ViewerState, one) => addSubscription(state, one) ?? state,
  freshViewer,
);

test("[R15] a subscription takes the place of the one with its id, last in turn; a seventeenth is too many", () => {
  expect(addSubscription(filled, { id: 99, cursor: 0, filter: {} })).toBeNull();
  const moved = addSubscription(filled, { id: 1, cursor: 5, filter: { tag: "x" } });
  expect(moved?.subscriptions.map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1]);
  expect(moved?.subscriptions.at(-1)).toEqual({ id: 1, cursor: 5, filter: { tag: "x" } });
  const fewer = removeSubscription(filled, 3);
  expect(fewer.subscriptions).toHaveLength(maxSubscriptions - 1);
  expect(removeSubscription(fewer, 3)).toEqual(fewer);
  expect(addSubscription(fewer, { id: 99, cursor: 0, filter: {} })).not.toBeNull();
});

test("[R16] credit and what is in flight follow what was given and sent, and never beyond 8 MiB of credit", () => {
  const step = fc.record({ gives: fc.boolean(), bytes: fc.integer({ min: 1, max: 3 * viewerCreditBytes }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      let state = freshViewer;
      for (const { gives, bytes } of steps) {
        const before = state;
        state = gives ? giveCredit(state, bytes) : takeCredit(state, bytes);
        expect(viewerStateSchema.parse(state)).toEqual(state);
        expect(state.credit).toBe(gives ? Math.min(before.credit + bytes, viewerCreditBytes) : before.credit - bytes);
        expect(state.in_flight).toBe(gives ? Math.max(0, before.in_flight - bytes) : before.in_flight + bytes);
      }
      // Given back byte for byte, nothing is in flight any more.
      expect(giveCredit(state, Math.max(1, state.in_flight)).in_flight).toBe(0);
    }),
  );
});

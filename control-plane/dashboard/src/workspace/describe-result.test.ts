import { expect, test } from "vitest";
import type { WebhookResult } from "@longwire/shared/api/webhooks.ts";
import { describeResult } from "./describe-result.ts";

const now = Date.parse("2026-11-21T18:00:00.000Z");
const base: WebhookResult = {
  ...{ id: "msg_1", type: "exited", state: "waiting", status: null, error: null, at: null, tries: 0, next_at: null },
};

test.each<[Partial<WebhookResult>, string, string]>([
  [{}, "on its way", ""],
  [{ state: "delivered", status: 204, tries: 1 }, "delivered", ""],
  [{ state: "delivered", status: 204, tries: 3 }, "delivered", "Tried 3 times."],
  [
    { status: 503, error: "It answered 503.", tries: 1, next_at: new Date(now + 65_000).toISOString() },
    "to be tried again",
    "It answered 503. Again in 1m 05s.",
  ],
  [
    { error: "No answer came within 10 s.", tries: 2, next_at: new Date(now - 5).toISOString() },
    "to be tried again",
    "No answer came within 10 s. Tried 2 times. Again now.",
  ],
  [
    { state: "failed", status: 410, error: "It answered 410.", tries: 12 },
    "given up",
    "It answered 410. Tried 12 times.",
  ],
])("[B13] a delivery's result is told with what went wrong and when it is tried again", (part, word, note) => {
  expect(describeResult({ ...base, ...part }, now)).toMatchObject({ word, note });
});

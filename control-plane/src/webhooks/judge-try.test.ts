import { expect, test } from "vitest";
import { deliveryBackoff, maxDeliveryAgeMs, maxDeliveryTries, webhookPatienceMs } from "@longwire/shared/limits.ts";
import { isGivenUp, judgeTry } from "./judge-try.ts";

const now = 1_800_000_000_000;
const first = { tries: 1, createdAt: now };

test.for([200, 201, 204, 299])("[R63] %i is taken as delivered", (status) => {
  expect(judgeTry({ status }, first, now, 0.5)).toEqual({ type: "delivered" });
});

test.for([301, 302, 307, 400, 401, 404, 429, 500, 503])("[R63] %i is tried again", (status) => {
  expect(judgeTry({ status }, first, now, 0.5)).toMatchObject({ type: "again" });
});

test("[R63] tries come ever later, and end by number and by age", () => {
  const delays = Array.from({ length: maxDeliveryTries - 1 }, (_, at) => {
    const verdict = judgeTry({ fault: "none" }, { tries: at + 1, createdAt: now }, now, 1);
    return verdict.type === "again" ? verdict.at - now : 0;
  });
  expect(delays).toEqual(delays.toSorted((one, other) => one - other));
  expect(delays[0]).toBeGreaterThanOrEqual(deliveryBackoff.minMs);
  expect(delays.at(-1)).toBe(deliveryBackoff.maxMs);
  expect(judgeTry({ fault: "none" }, { tries: maxDeliveryTries, createdAt: now }, now, 0).type).toBe("failed");
  const old = { tries: 2, createdAt: now - maxDeliveryAgeMs };
  expect(judgeTry({ status: 500 }, old, now, 0).type).toBe("failed");
});

test("[R64] a receiver that is gone, or takes nothing for too long, is given up", () => {
  expect(judgeTry({ status: 410 }, first, now, 0).type).toBe("failed");
  expect(isGivenUp({ status: 410 }, now, now)).toBe(true);
  expect(isGivenUp({ status: 500 }, now - webhookPatienceMs + 1, now)).toBe(false);
  expect(isGivenUp({ status: 500 }, now - webhookPatienceMs, now)).toBe(true);
});

// What follows from one try of a delivery: pure, by status, count and time.

import { backoffMs } from "@longwire/shared/backoff.ts";
import { deliveryBackoff, maxDeliveryAgeMs, maxDeliveryTries, webhookPatienceMs } from "@longwire/shared/limits.ts";

/** What came back: a status, or in words why none did. */
export type Answer = { readonly status: number } | { readonly fault: string };

export type Verdict =
  | { readonly type: "delivered" }
  | { readonly type: "again"; readonly at: number; readonly error: string }
  | { readonly type: "failed"; readonly error: string };

/** `tries`: this one included. Times are milliseconds. */
export function judgeTry(
  answer: Answer,
  { tries, createdAt }: { readonly tries: number; readonly createdAt: number },
  now: number,
  random: number,
): Verdict {
  const error = "fault" in answer ? answer.fault : describeStatus(answer.status);
  if (error === null) return { type: "delivered" };
  const at = now + backoffMs(tries - 1, random, deliveryBackoff);
  const isOver = isGone(answer) || tries >= maxDeliveryTries || at - createdAt > maxDeliveryAgeMs;
  return isOver ? { type: "failed", error } : { type: "again", at, error };
}

/** Whether nothing is sent any more: the receiver said so, or has not taken anything for too long. */
export function isGivenUp(answer: Answer, failingSince: number, now: number): boolean {
  return isGone(answer) || now - failingSince >= webhookPatienceMs;
}

/** 410 Gone, by which a receiver signs off: https://www.standardwebhooks.com */
const isGone = (answer: Answer): boolean => "status" in answer && answer.status === 410;

function describeStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `It answered ${status}; redirects are not followed.`;
  return `It answered ${status}.`;
}

// What is said of one delivery of a webhook. Pure.

import type { WebhookResult } from "@longwire/shared/api/webhooks.ts";
import type { Tone } from "../ui/describe-state.ts";
import { formatDuration } from "../ui/format.ts";

export interface ResultWords {
  readonly word: string;
  readonly tone: Tone;
  /** What went wrong, and what follows; empty where nothing did. */
  readonly note: string;
}

/** `now`: milliseconds since 1970. */
export function describeResult(result: WebhookResult, now: number): ResultWords {
  const { state, error, tries, next_at: next } = result;
  const tried = tries > 1 ? `Tried ${tries} times.` : "";
  if (state === "delivered") return { word: "delivered", tone: "good", note: tried };
  const sentences = [error ?? "", tried];
  if (state === "failed") return { word: "given up", tone: "bad", note: sentences.join(" ").trim() };
  if (tries === 0) return { word: "on its way", tone: "busy", note: "" };
  const leftMs = next === null ? 0 : Date.parse(next) - now;
  sentences.push(leftMs > 0 ? `Again in ${formatDuration(leftMs)}.` : "Again now.");
  return { word: "to be tried again", tone: "waiting", note: sentences.filter((one) => one !== "").join(" ") };
}

// A message of the link as it is kept in a recorded session.

import type { RelayedFrame } from "../support/frame-relay.ts";

/** Text as it is, a binary one as base 64. */
export interface LinkMessage {
  readonly from: RelayedFrame["from"];
  readonly text?: string;
  readonly base64?: string;
}

export function keepMessage({ from, frame }: RelayedFrame): LinkMessage {
  return { from, ...(typeof frame === "string" ? { text: frame } : { base64: frame.toString("base64") }) };
}

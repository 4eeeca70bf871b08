// One page of the log as events, for readers that hold their cursor themselves.

import type { EventFilter } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { maxPageBytes } from "@longwire/shared/limits.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Log } from "./log.ts";

/** A page of events as JSON texts. */
export interface EventPage {
  readonly texts: string[];
  /** The last seq looked at, wanted or not: the next `after`. */
  readonly nextAfter: number;
  readonly head: number;
}

/**
 * Events after `after` (absent: from the earliest on) that pass `filter`, at most `limit` of them and about 4 MiB of
 * text, none beyond `last`. A page that would begin with events that are gone is refused.
 */
export function readEvents(
  log: Log,
  after: number | undefined,
  limit: number,
  filter: EventFilter,
  last: number = log.head,
): Result<EventPage> {
  const before = log.earliest - 1;
  const start = after ?? before;
  if (start > log.head) return refuse(aheadOf(start, log.head));
  if (start < before) return refuse(expiredAt(start, before));
  const texts: string[] = [];
  let bytes = 0;
  let nextAfter = start;
  while (nextAfter < last && texts.length < limit && bytes < maxPageBytes) {
    const read = log.readAt(nextAfter + 1, (batch) => {
      let at = Math.max(nextAfter, batch.seq - 1);
      while (at < Math.min(last, batch.lastSeq) && texts.length < limit && bytes < maxPageBytes) {
        const event = batch.textAt(++at, filter);
        if (event === null) continue;
        texts.push(event.text);
        bytes += event.bytes;
      }
      return at;
    });
    if (read === null) break;
    nextAfter = read;
  }
  return succeed({ texts, nextAfter, head: log.head });
}

/** Nothing this log ever said lies at `after`. */
export function aheadOf(after: number, head: number): Refusal {
  return {
    code: "invalid_request",
    detail: `\`after\` is ${after}, but this machine's log ends at ${head}.`,
    hint: "Use a seq or `next_after` from this machine, or none to read from the start.",
    errors: [{ path: "after", message: `lies beyond the log's end, ${head}` }],
  };
}

/** Events right behind `after` are gone; the first one that is not lies behind `before`. */
function expiredAt(after: number, before: number): Refusal {
  return {
    code: "output_expired",
    detail: `The events after ${after} up to ${before} are gone: this machine's log is bounded. The earliest cursor is ${before}.`,
    hint: `Read on with \`after=${before}\`, or without \`after\` from the earliest event there is.`,
    earliest: String(before),
  };
}

// Looks for a pattern in a run's output from its first record on, with a reader of its own and at its own pace. What it
// has not searched stays on disk, so that a flood hides no line, not even from the next runner.

import { unfinishedLineMs } from "@longwire/shared/limits.ts";
import { compilePattern } from "@longwire/shared/pattern.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import type { FollowedRun } from "./followed-run.ts";
import { OutputSearch, turnBytes } from "./output-search.ts";
import { newsWithin, type Reading } from "./readings.ts";

const maxRecords = 1000;
/** Well below what a timer can wait. */
const longestWaitMs = 3600_000;

/** The first line that `source` is found in; null where `endsAt` comes before that, or no more of the run is told. */
export async function findLine(
  run: FollowedRun,
  reading: Reading,
  source: string,
  endsAt: number,
  now: () => number,
): Promise<string | null> {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new Error(compiled.refusal.detail);
  const reader = new SpoolReader(run.folder);
  const search = new OutputSearch(compiled.value);
  let next = reader.first;
  try {
    while (run.isFollowed) {
      reader.announce(run.reader.next);
      const records = reader.read(next, turnBytes, maxRecords);
      for (const record of records) {
        for await (const { text } of search.take(record)) return text;
        next = record.number + record.span;
        reading.keepFrom(search.lineRecord ?? next);
      }
      if (records.length > 0) continue;
      const leftMs = endsAt - now();
      if (leftMs <= 0) return null;
      const isNews = await newsWithin(reading, Math.min(leftMs, search.isOpen ? unfinishedLineMs : longestWaitMs));
      const line = isNews ? null : search.takeOpen();
      if (line !== null) return line.text;
    }
    return null;
  } finally {
    reader.close();
  }
}

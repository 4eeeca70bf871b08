// What a spool is to whoever sends its records on.

import type { SpoolRecord } from "./record.ts";

/** Reading one spool. Everything is synchronous: the bytes are in memory or in the page cache. */
export interface ReadableSpool {
  /** The lowest record still on disk. */
  readonly first: number;
  /** One past the last record that can be read now; grows while the spool is appended to. */
  readonly next: number;
  /**
   * Records from number `from` on: at most `maxRecords`, and as many as fit `maxBytes` of header and payload together,
   * but at least one where there is one that fits `maxFirstBytes` (by default without a bound). May give fewer than there are; else
   * empty only where `from` is `next` or outside of what is held. Payloads are views that hold until the next `read` of the same spool.
   */
  read(from: number, maxBytes: number, maxRecords: number, maxFirstBytes?: number): readonly SpoolRecord[];
  /** CRC-32 of record `number`; 0 for number 0; null where that record is gone or not written yet. */
  checkOf(number: number): number | null;
}

// The bound of a machine's log, as the Worker's operator set it.

import { maxRetentionBytes, minRetentionBytes } from "@longwire/shared/limits.ts";
import { readRetention, type Retention } from "@longwire/shared/retention.ts";
import type { Env } from "../env.ts";

/** Throws where `RETENTION_BYTES` is wrong: to guess would drop what was meant to stay. */
export function retentionOf(env: Env): Retention {
  const retention = readRetention(env.RETENTION_BYTES);
  if (retention !== null) return retention;
  throw new Error(`RETENTION_BYTES must be a whole number from ${minRetentionBytes} to ${maxRetentionBytes}`);
}

// In whose name the Worker keeps something open for longer than a moment, and whether that still holds: asked of the
// workspace itself before anything is opened again, never of an answer that was kept.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { Holder } from "../sockets/holder.ts";

export interface Standing {
  readonly holder: Holder;
  /** A refusal where the caller may not go on; null where it may. */
  readonly recheck: () => Promise<Refusal | null>;
}

/** What one case with one subject yields in one round. */
import type { Faults } from "./order.ts";

/** Values by name; a name ends with its unit. All but MB/s (10⁶ bytes) are better small. */
export type Figures = Readonly<Record<string, number>>;

export interface Measurement {
  /** Empty where they would mean nothing. */
  readonly figures: Figures;
  readonly faults: Faults;
  /** Why the measurement broke off, or null; the subject must be started anew after it. */
  readonly trouble: string | null;
}

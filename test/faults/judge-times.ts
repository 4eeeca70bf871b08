// Measured times against the bound a fault allows.

import { pickQuantile } from "../bench/quantile.ts";
import type { FaultReport } from "./fault.ts";

/** Figures of some times in milliseconds, and what of them is late. */
export function judgeTimes(
  name: string,
  times: readonly number[],
  bounds: { readonly p95?: number; readonly most?: number },
): Pick<FaultReport, "late" | "figures"> {
  const p95 = pickQuantile(times, 0.95);
  const most = pickQuantile(times, 1);
  const late: string[] = [];
  if (bounds.p95 !== undefined && !(p95 <= bounds.p95)) late.push(`${name} p95 ${Math.round(p95)} > ${bounds.p95} ms`);
  if (bounds.most !== undefined && !(most <= bounds.most)) late.push(`${name} ${Math.round(most)} > ${bounds.most} ms`);
  return {
    late,
    figures: {
      [`${name}_p50`]: Math.round(pickQuantile(times, 0.5)),
      [`${name}_p95`]: Math.round(p95),
      [`${name}_max`]: Math.round(most),
    },
  };
}

// A small chart without axes: how a figure went, beside the figure itself.

import { sparklinePath } from "./sparkline-path.ts";

const size = { width: 72, height: 22 };
const capacity = 40;
/** So many fill the width while there are few. */
const atLeast = 12;

interface SparklineProps {
  readonly values: readonly number[];
  /** The value at the top edge, at the least. */
  readonly floor: number;
  readonly tone: "cpu" | "memory";
}

export function Sparkline({ values, floor, tone }: SparklineProps) {
  const shown = values.slice(-capacity);
  const top = Math.max(floor, ...shown) * 1.1;
  const { line, area } = sparklinePath(shown, Math.max(atLeast, shown.length), top, size);
  return (
    <svg class={`spark spark-${tone}`} viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      <path class="spark-area" d={area} />
      <path class="spark-line" d={line} />
    </svg>
  );
}

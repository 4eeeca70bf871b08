// How a figure went over the last minutes, with its scale; the newest at the right edge.

import { sparklinePath } from "../ui/sparkline-path.ts";

interface ChartProps {
  readonly title: string;
  readonly at: readonly number[];
  readonly values: readonly number[];
  readonly format: (value: number) => string;
  readonly tone: "cpu" | "memory";
}

/** So many samples fill the width while there are few. */
const atLeast = 30;
const size = { width: 480, height: 96 };

export function UsageChart({ title, values, format, tone }: ChartProps) {
  const highest = Math.max(...values);
  const { line, area } = sparklinePath(values, Math.max(atLeast, values.length), highest * 1.15 || 1, size);
  const latest = format(values.at(-1) ?? 0);
  return (
    <figure class="chart">
      <figcaption>
        {title} <strong>{latest}</strong> <span class="page-note">highest {format(highest)}</span>
      </figcaption>
      <svg
        class={`spark spark-${tone}`}
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${latest} now, at most ${format(highest)} in the last four minutes`}
      >
        <path class="spark-area" d={area} />
        <path class="spark-line" d={line} />
      </svg>
    </figure>
  );
}

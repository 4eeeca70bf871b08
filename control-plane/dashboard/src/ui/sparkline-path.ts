// The line of a sparkline. Pure.

/** An SVG path through `values`, newest at the right edge, in a box of `width` × `height`; `capacity` values fill it. */
export function sparklinePath(
  values: readonly number[],
  capacity: number,
  top: number,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly line: string; readonly area: string } {
  if (values.length < 2 || capacity < 2) return { line: "", area: "" };
  const shown = values.slice(-capacity);
  const step = width / (capacity - 1);
  const first = width - (shown.length - 1) * step;
  // Half a line's width stays free above and below.
  const y = (value: number): number => height - 1 - (Math.min(value, top) / (top === 0 ? 1 : top)) * (height - 2);
  const points = shown.map((value, index) => `${round(first + index * step)} ${round(y(value))}`);
  const line = `M${points.join("L")}`;
  return { line, area: `${line}L${round(width)} ${height}L${round(first)} ${height}Z` };
}

const round = (value: number): number => Math.round(value * 10) / 10;

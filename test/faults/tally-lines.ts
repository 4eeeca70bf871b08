// Lines that were printed against lines that arrived. Pure; each printed line stands there once.

export interface LineTally {
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
}

/** How many printed lines did not arrive, arrived more than once, or arrived before one that was printed earlier. */
export function tallyLines(printed: string, arrived: string): LineTally {
  const places = new Map(linesOf(printed).map((line, at) => [line, at]));
  const seen = new Set<string>();
  let doubled = 0;
  let disordered = 0;
  let before = -1;
  for (const line of linesOf(arrived)) {
    if (seen.has(line)) doubled++;
    seen.add(line);
    const place = places.get(line) ?? -1;
    if (place < before) disordered++;
    before = place;
  }
  const lost = [...places.keys()].filter((line) => !seen.has(line)).length;
  return { lost, doubled, disordered };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

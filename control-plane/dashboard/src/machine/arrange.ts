// Which processes of a list are shown, and in which groups. Pure.

import type { Process } from "@longwire/shared/api/views.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";

export interface Arranging {
  /** Part of a name, command or tag; empty: all. */
  readonly text: string;
  readonly tag: string | null;
  readonly grouped: boolean;
}

export interface Group<T> {
  /** Null: the only one, or those without a tag. */
  readonly tag: string | null;
  readonly items: readonly T[];
}

/** The groups to show, by tag in alphabetical order, those without a tag last; live ones first in each. */
export function arrange<T>(items: readonly T[], processOf: (item: T) => Process, how: Arranging): readonly Group<T>[] {
  const wanted = items.filter((item) => matches(processOf(item), how));
  const sorted = [
    ...wanted.filter((item) => !hasEnded(processOf(item).state)),
    ...wanted.filter((item) => hasEnded(processOf(item).state)),
  ];
  if (!how.grouped) return sorted.length === 0 ? [] : [{ tag: null, items: sorted }];
  const groups = new Map<string | null, T[]>();
  for (const item of sorted) {
    const [tag = null] = how.tag === null ? processOf(item).tags : [how.tag];
    groups.set(tag, [...(groups.get(tag) ?? []), item]);
  }
  return [...groups]
    .map(([tag, grouped]) => ({ tag, items: grouped }))
    .toSorted((a, b) => (a.tag === null ? 1 : b.tag === null ? -1 : a.tag.localeCompare(b.tag)));
}

function matches(process: Process, { text, tag }: Arranging): boolean {
  if (tag !== null && !process.tags.includes(tag)) return false;
  const needle = text.trim().toLowerCase();
  if (needle === "") return true;
  const hay = [
    process.name ?? "",
    process.process_id,
    process.command ?? (process.argv ?? []).join(" "),
    ...process.tags,
  ];
  return hay.some((one) => one.toLowerCase().includes(needle));
}

/** All tags there are, with how many processes have each. */
export function countTags(processes: readonly Process[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { tags } of processes) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return new Map([...counts].toSorted(([a], [b]) => a.localeCompare(b)));
}

// Whether a reader that asked for some processes, a tag or a type wants an event.

import type { EventFilter } from "./api/requests.ts";
import { eventType } from "./present-event.ts";
import type { RunView } from "./run-view.ts";
import type { Fact } from "./wire/facts.ts";

/** `view` is what is known of the fact's run; a fact of the machine passes no process or tag filter. */
export function wantsEvent(filter: EventFilter, fact: Fact, view: RunView | null): boolean {
  if (filter.type !== undefined && filter.type !== eventType(fact)) return false;
  if (filter.process !== undefined) {
    const id = fact.type === "loss" ? undefined : fact.process;
    if (id !== filter.process && view?.label.name !== filter.process) return false;
  }
  return filter.tag === undefined || (view?.label.tags.includes(filter.tag) ?? false);
}

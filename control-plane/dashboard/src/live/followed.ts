// Follows the machines that are looked at, as `choose-followed.ts` chooses them, and lets the others go.

import { effect, signal, untracked } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { route } from "../location.ts";
import { chooseFollowed, maxFollowed } from "./choose-followed.ts";
import { findStore, stores } from "./machines.ts";
import { throttled } from "./throttle.ts";

/** Whoever scrolls through hundreds looks at few of them. */
const settledMs = 400;

const onScreen = signal<ReadonlySet<string>>(new Set());
let recent: readonly string[] = [];

function follow(): void {
  const to = route.peek();
  const at = "machine" in to ? (findStore(to.machine)?.id ?? null) : null;
  const looking = { at, onScreen: onScreen.peek(), recent };
  const all = stores
    .peek()
    .map(({ id, machine, approvals }) => ({ id, isOnline: machine.peek().online, asks: approvals.peek().length > 0 }));
  const chosen = chooseFollowed(all, looking);
  const looked = [...(at === null ? [] : [at]), ...looking.onScreen];
  recent = [...new Set([...looked, ...recent])].slice(0, maxFollowed);
  // First those that go: there are never more sockets than that.
  for (const store of stores.peek()) if (!chosen.has(store.id)) store.unfollow();
  for (const store of stores.peek()) if (chosen.has(store.id)) store.follow();
}

/** Until what it returns is called. */
export function followMachines(): () => void {
  const soon = throttled(() => Promise.resolve(follow()), settledMs);
  const ends = [
    effect(() => {
      void route.value;
      void stores.value;
      untracked(follow);
    }),
    effect(() => {
      void onScreen.value;
      soon();
    }),
  ];
  return () => ends.forEach((end) => end());
}

/** For what stands for a machine: it counts as looked at while any of it is on the screen. */
export function useOnScreen<T extends Element>(id: string): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    const tell = (isSeen: boolean): void => {
      if (onScreen.peek().has(id) === isSeen) return;
      const others = [...onScreen.peek()].filter((one) => one !== id);
      onScreen.value = new Set(isSeen ? [...others, id] : others);
    };
    const observer = new IntersectionObserver((entries) => tell(entries.at(-1)?.isIntersecting === true));
    if (element.current !== null) observer.observe(element.current);
    return () => {
      observer.disconnect();
      tell(false);
    };
  }, [id]);
  return element;
}

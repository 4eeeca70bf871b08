// Which lines are shown at all: those a pattern finds, with their context, or the last so many.

import type { Pattern } from "../pattern.ts";
import type { Item, TakeItem } from "./line.ts";

/** Takes lines, and at their end gives what it still holds. */
export interface ItemStage {
  readonly take: TakeItem;
  readonly end: () => void;
}

/** Lines that match and `context` lines before and after each; `onJump` is told before a line that does not follow the last one. */
export function keepMatches(
  pattern: Pattern,
  context: number,
  onMatch: () => void,
  onJump: () => void,
  take: TakeItem,
): ItemStage {
  const before: Item[] = [];
  let after = 0;
  let hasShown = false;
  let hasSkipped = false;
  return {
    take: (item) => {
      if (item.type === "gap") {
        take(item);
        return;
      }
      const isMatch = pattern.find(item.text) !== null;
      if (!isMatch && after === 0) {
        before.push(item);
        if (before.length > context) {
          before.shift();
          hasSkipped = true;
        }
        return;
      }
      if (isMatch) {
        onMatch();
        if (hasShown && hasSkipped) onJump();
        for (const line of before.splice(0)) take(line);
        hasSkipped = false;
        hasShown = true;
      }
      take(item);
      after = isMatch ? context : after - 1;
    },
    end: () => undefined,
  };
}

/** The last `count` lines; `onDrop` is told how many were before. */
export function keepLast(count: number, onDrop: (lines: number) => void, take: TakeItem): ItemStage {
  let items: Item[] = [];
  let dropped = 0;
  const trim = (): void => {
    if (items.length <= count) return;
    dropped += items.length - count;
    items = items.slice(-count);
  };
  return {
    take: (item) => {
      items.push(item);
      // Twice as many are held before some go, so that each is moved once on the average.
      if (items.length >= 2 * count) trim();
    },
    end: () => {
      trim();
      if (dropped > 0) onDrop(dropped);
      items.forEach(take);
    },
  };
}

// Which machines the page follows live, by a socket each: there may be hundreds, and a browser opens only so many. The rest
// are as the list of machines had them last. Pure.

/** Browsers open about 200 sockets for all their tabs together; terminals have their own. */
export const maxFollowed = 16;

export interface Followable {
  readonly id: string;
  readonly isOnline: boolean;
  /** Whether a start there waits for somebody. */
  readonly asks: boolean;
}

export interface Looking {
  /** The machine whose page is shown. */
  readonly at: string | null;
  readonly onScreen: ReadonlySet<string>;
  /** Those that were looked at, the last one first. */
  readonly recent: readonly string[];
}

/** First the one that is shown, then those that ask, that are on the screen, that were lately, that are online. */
export function chooseFollowed(
  machines: readonly Followable[],
  { at, onScreen, recent }: Looking,
  most: number = maxFollowed,
): ReadonlySet<string> {
  const rank = ({ id, isOnline, asks }: Followable): number => {
    if (id === at) return 0;
    if (asks) return 1;
    if (onScreen.has(id)) return 2;
    const lately = recent.indexOf(id);
    if (lately !== -1) return 3 + lately;
    return 3 + recent.length + (isOnline ? 0 : 1);
  };
  const ranked = machines.map((machine) => ({ id: machine.id, rank: rank(machine) }));
  return new Set(
    ranked
      .toSorted((a, b) => a.rank - b.rank)
      .slice(0, most)
      .map(({ id }) => id),
  );
}

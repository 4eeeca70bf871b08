/** How much each case does: enough to mean something, or as little as shows that it works. */

export interface Sizes {
  /** Prints of a stamping child; 10 ms apart. */
  readonly prints: number;
  /** Lines of a flooding child, 100 bytes each: alone, and as one of a crowd. */
  readonly lines: number;
  readonly crowd: { readonly children: number; readonly lines: number };
  readonly fanOut: { readonly viewers: readonly number[]; readonly lines: number; readonly prints: number };
  readonly replayLines: number;
  readonly tailLines: number;
  readonly starts: number;
  readonly stopBytes: number;
  readonly neighbourLines: number;
  readonly search: { readonly lines: number; readonly hostileLines: number };
  readonly memoryLines: number;
  readonly rowsSeconds: number;
  readonly machines: { readonly counts: readonly number[]; readonly settleMs: number; readonly quietMs: number };
}

/** What figures are taken with. */
export const fullSizes: Sizes = {
  prints: 300,
  lines: 1_000_000,
  crowd: { children: 20, lines: 200_000 },
  fanOut: { viewers: [1, 10, 50], lines: 100_000, prints: 200 },
  replayLines: 1_000_000,
  tailLines: 2_000_000,
  starts: 20,
  stopBytes: 50_000_000,
  neighbourLines: 3_000_000,
  search: { lines: 100_000, hostileLines: 1000 },
  memoryLines: 6_000_000,
  rowsSeconds: 60,
  machines: { counts: [1, 10, 100, 1000], settleMs: 11_000, quietMs: 5000 },
};

/** What shows in seconds that every case works; its figures mean nothing. */
export const quickSizes: Sizes = {
  prints: 20,
  lines: 2000,
  crowd: { children: 3, lines: 200 },
  fanOut: { viewers: [2], lines: 2000, prints: 10 },
  replayLines: 2000,
  tailLines: 2000,
  starts: 2,
  stopBytes: 100_000,
  neighbourLines: 20_000,
  search: { lines: 2000, hostileLines: 10 },
  memoryLines: 2000,
  rowsSeconds: 1,
  machines: { counts: [1, 3], settleMs: 100, quietMs: 100 },
};

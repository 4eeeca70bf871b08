// Lists that a page shows whole. Pure but for what it is given.

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

const pageSize = 200;

/** All of a list, page by page. */
export async function readAll<T>(
  read: (asked: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor === null ? { limit: pageSize } : { limit: pageSize, cursor });
    all.push(...page.items);
    ({ next_cursor: cursor } = page);
  } while (cursor !== null);
  return all;
}

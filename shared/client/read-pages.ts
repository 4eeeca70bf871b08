// A list that comes by pages, whole.

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** All items of a list in its order; `read` asks for one page, by what `from` adds to its query. */
export async function readPages<T>(read: (from: { readonly cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let from: { readonly cursor?: string } = {};
  for (;;) {
    const page = await read(from);
    items.push(...page.items);
    if (page.next_cursor === null) return items;
    from = { cursor: page.next_cursor };
  }
}

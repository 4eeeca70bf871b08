// Where a digest says that the first error stands.

export interface Cursor {
  readonly run: number;
  readonly offset: number;
}

/** Null where it names none. A failing test counts where nothing called itself an error. */
export function firstError(digest: string): Cursor | null {
  const found =
    /^first error:\n {2}@([0-9]+)\.([0-9]+)$/m.exec(digest) ??
    /^failing tests \([0-9]+\):\n.* @([0-9]+)\.([0-9]+)$/m.exec(digest);
  return found === null ? null : readCursor(`${found[1]}.${found[2]}`);
}

/** A cursor as the API writes it, `run.offset`. */
export function readCursor(text: string): Cursor | null {
  const found = /^([0-9]+)\.([0-9]+)$/.exec(text);
  return found === null ? null : { run: Number(found[1]), offset: Number(found[2]) };
}

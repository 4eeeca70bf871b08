// What recognises one secret from its first byte on, byte by byte. A state is a number; `dead` is none.

/** States are not negative; {@link Matcher.next} gives -1 where no secret goes on so. */
export interface Matcher {
  readonly start: number;
  readonly next: (state: number, byte: number) => number;
  /** Whether what led to `state` is a secret. It may go on. */
  readonly accepts: (state: number) => boolean;
}

/** So much of a long value is the value: what follows is masked as it comes, and nothing is held back for it. */
export const tellingBytes = 64;

/** Recognises a value; a long one by its beginning, and then as far as it is that value. */
export function matchValue(value: Uint8Array): Matcher {
  const enough = Math.min(value.length, tellingBytes);
  return {
    start: 0,
    next: (state, byte) => (value[state] === byte ? state + 1 : -1),
    accepts: (state) => state >= enough,
  };
}

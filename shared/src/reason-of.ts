// What was thrown, in words.

/** An error's message without its name; anything else as text. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

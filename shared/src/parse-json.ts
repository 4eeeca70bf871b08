// JSON from outside, before a schema has seen it.

/** The parsed value; undefined where `text` is no JSON (which no JSON text stands for). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

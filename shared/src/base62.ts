// Fixed-width base 62: letters and digits only, so an identifier is one word to a double click and to a URL.

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters that hold any value of `bytes` bytes. */
export function base62Width(bytes: number): number {
  return Math.ceil((bytes * 8) / Math.log2(62));
}

/** Big-endian bytes as base 62, padded on the left to the width of their length. */
export function encodeBase62(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  let text = "";
  for (let at = base62Width(bytes.length); at > 0; at--) {
    text = (digits[Number(value % 62n)] ?? "0") + text;
    value /= 62n;
  }
  return text;
}

/** The `length` bytes that `text` stands for; null where the width, a character or the value does not fit. */
export function decodeBase62(text: string, length: number): Uint8Array | null {
  if (text.length !== base62Width(length)) return null;
  let value = 0n;
  for (const character of text) {
    const digit = digits.indexOf(character);
    if (digit < 0) return null;
    value = value * 62n + BigInt(digit);
  }
  const bytes = new Uint8Array(length);
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(value % 256n);
    value /= 256n;
  }
  return value === 0n ? bytes : null;
}

// Output as text.

const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** Bytes as UTF-8; what is none becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

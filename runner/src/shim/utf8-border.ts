// Where a piece of output may end without cutting a character in two (RFC 3629, table of well-formed sequences).

/** Bytes of the character that `lead` begins; 0 where no multi-byte character begins so. */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Whether `second` may follow `lead`: overlong forms, surrogates and what lies above U+10FFFF are no characters. */
function maySecond(lead: number, second: number): boolean {
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return second >= lowest && second <= highest;
}

const isContinuation = (byte: number): boolean => byte >= 0x80 && byte <= 0xbf;

/**
 * How many bytes at the end of `bytes` begin a character that is not whole yet: 0 to 3. Bytes that can become no
 * character count for nothing, so what is not UTF-8 is never held back for long.
 */
export function countIncompleteTail(bytes: Uint8Array): number {
  const size = bytes.byteLength;
  for (let held = 1; held <= Math.min(3, size); held++) {
    const lead = bytes[size - held] ?? 0;
    if (isContinuation(lead)) continue;
    if (sequenceLength(lead) <= held) return 0;
    const second = held > 1 ? bytes[size - held + 1] : undefined;
    return second === undefined || maySecond(lead, second) ? held : 0;
  }
  return 0;
}

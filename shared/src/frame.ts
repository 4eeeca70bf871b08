// The binary frame that carries a batch: `u32 header length | header | payload`, little endian.
// The header is JSON in UTF-8; this file only cuts and joins bytes, coding text is left to the caller.

/** Bytes before the header. */
export const framePrefixBytes = 4;

export interface FrameParts<B extends ArrayBufferLike = ArrayBufferLike> {
  readonly header: Uint8Array<B>;
  readonly payload: Uint8Array<B>;
}

/** Joins header and payload pieces into one buffer from `allocate`, which may be handed to a socket as it is. */
export function joinFrame(
  header: Uint8Array,
  payload: readonly Uint8Array[],
  allocate = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(bytes),
): Uint8Array<ArrayBuffer> {
  let size = framePrefixBytes + header.byteLength;
  for (const piece of payload) size += piece.byteLength;
  const frame = allocate(size);
  new DataView(frame.buffer, frame.byteOffset).setUint32(0, header.byteLength, true);
  frame.set(header, framePrefixBytes);
  let at = framePrefixBytes + header.byteLength;
  for (const piece of payload) {
    frame.set(piece, at);
    at += piece.byteLength;
  }
  return frame;
}

/** Views into `frame`, nothing copied. Null where the header's length does not fit the frame. */
export function splitFrame<B extends ArrayBufferLike>(frame: Uint8Array<B>): FrameParts<B> | null {
  if (frame.byteLength < framePrefixBytes) return null;
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0, true);
  const end = framePrefixBytes + length;
  if (end > frame.byteLength) return null;
  return { header: frame.subarray(framePrefixBytes, end), payload: frame.subarray(end) };
}

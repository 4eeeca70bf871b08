// The bytes of the control socket: `u32 length | u8 kind | body`, little endian.
//
//   kind 0  a message, JSON
//   kind 1  a hint: f64 record number | the record's bytes as on disk, or nothing where they are to be read there

const prefixBytes = 4;
const kindAt = prefixBytes;
const bodyAt = kindAt + 1;
const numberBytes = 8;
/** A frame over this is no frame of ours: survivors and hinted records are far smaller. */
const maxFrameBytes = 1024 * 1024;

const kinds = { message: 0, hint: 1 } as const;

export type ControlFrame =
  | { readonly type: "message"; readonly value: unknown }
  /** Record `number` and all before it are on disk; `bytes` is the record where it came along, a view. */
  | { readonly type: "hint"; readonly number: number; readonly bytes: Uint8Array | null };

function begin(kind: number, bodyBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(bodyAt + bodyBytes);
  frame.writeUInt32LE(1 + bodyBytes, 0);
  frame[kindAt] = kind;
  return frame;
}

export function encodeMessage(message: object): Buffer {
  const text = JSON.stringify(message);
  const frame = begin(kinds.message, Buffer.byteLength(text));
  frame.write(text, bodyAt, "utf8");
  return frame;
}

/** `pieces`: the record's bytes in order; none where it is too big to go along. */
export function encodeHint(number: number, pieces: readonly Uint8Array[]): Buffer {
  const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const frame = begin(kinds.hint, numberBytes + size);
  frame.writeDoubleLE(number, bodyAt);
  let at = bodyAt + numberBytes;
  for (const piece of pieces) {
    frame.set(piece, at);
    at += piece.byteLength;
  }
  return frame;
}

/** Puts a stream's chunks together into frames. */
export class ControlDecoder {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that are whole now. Throws where the stream is no control stream. */
  push(chunk: Buffer): ControlFrame[] {
    let bytes = this.#rest.byteLength === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: ControlFrame[] = [];
    while (bytes.byteLength >= prefixBytes) {
      const size = bytes.readUInt32LE(0);
      if (size < 1 || size > maxFrameBytes) throw new RangeError(`a control frame of ${size} bytes`);
      const end = prefixBytes + size;
      if (bytes.byteLength < end) break;
      const frame = decode(bytes.subarray(0, end));
      if (frame !== null) frames.push(frame);
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
    return frames;
  }
}

function decode(frame: Buffer): ControlFrame | null {
  if (frame[kindAt] === kinds.message) return { type: "message", value: JSON.parse(frame.toString("utf8", bodyAt)) };
  if (frame[kindAt] !== kinds.hint || frame.byteLength < bodyAt + numberBytes) return null;
  const bytes = frame.subarray(bodyAt + numberBytes);
  return { type: "hint", number: frame.readDoubleLE(bodyAt), bytes: bytes.byteLength === 0 ? null : bytes };
}

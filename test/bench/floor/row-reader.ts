/** Cuts the floor's rows, each `u32 id | u32 length | message`, out of a stream that is cut anywhere. */

const PREFIX_BYTES = 8;

/** Takes pieces of the stream. */
export interface RowReader {
  take(piece: Uint8Array): void;
  /** The last whole row; 0 before the first. */
  lastId(): number;
}

/** Hands over each message as soon as it is whole. */
export function createRowReader(onMessage: (message: Buffer) => void): RowReader {
  let begun: Buffer = Buffer.alloc(0);
  let id = 0;
  return {
    take(piece) {
      begun =
        begun.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([begun, piece]);
      let at = 0;
      while (begun.length - at >= PREFIX_BYTES) {
        const end = at + PREFIX_BYTES + begun.readUInt32BE(at + 4);
        if (end > begun.length) break;
        id = begun.readUInt32BE(at);
        onMessage(begun.subarray(at + PREFIX_BYTES, end));
        at = end;
      }
      begun = begun.subarray(at);
    },
    lastId: () => id,
  };
}

// The shape of bearer tokens and machine ids. A token names its workspace, so the Worker finds the object
// that knows the token's hash without a directory: `lw_<workspace: 43>_<secret: 43><crc: 6>`, base 62.
// The checksum lets scanners and typing errors be told from guesses; it protects nothing.

import { base62Width, decodeBase62, encodeBase62 } from "./base62.ts";
import { crc32 } from "./crc32.ts";

const idBytes = 32;
const idWidth = base62Width(idBytes);
export const crcWidth = base62Width(4);

/** For secret scanners: matches every token and little else. */
export const tokenPattern = /lw_[0-9A-Za-z]{43}_[0-9A-Za-z]{49}/;

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

/** CRC-32 of `body`, as the last characters of a token or a code. */
export function checksum(body: string): string {
  const crc = crc32(asciiBytes(body));
  return encodeBase62(Uint8Array.of(crc >>> 24, crc >>> 16, crc >>> 8, crc));
}

/** Builds a token from a workspace id and 32 random bytes. */
export function formatToken(workspace: Uint8Array, secret: Uint8Array): string {
  const body = `lw_${encodeBase62(workspace)}_${encodeBase62(secret)}`;
  return body + checksum(body);
}

/** The 32 bytes of the workspace id in `token`; null where its form or checksum is wrong. */
export function readTokenWorkspace(token: string): Uint8Array | null {
  if (token.length !== 4 + 2 * idWidth + crcWidth || !tokenPattern.test(token)) return null;
  const body = token.slice(0, -crcWidth);
  if (checksum(body) !== token.slice(-crcWidth)) return null;
  return decodeBase62(token.slice(3, 3 + idWidth), idBytes);
}

/** A machine's public id from the 32 bytes of its object's id. */
export function formatMachineId(object: Uint8Array): string {
  return `m_${encodeBase62(object)}`;
}

/** The 32 bytes of the object behind a machine id; null where `text` is not one. */
export function readMachineId(text: string): Uint8Array | null {
  return text.startsWith("m_") ? decodeBase62(text.slice(2), idBytes) : null;
}

/** Lower-case hexadecimal, as the platform writes object ids. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** The inverse of {@link toHex} for well-formed input of even length. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

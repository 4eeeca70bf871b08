// The shape of join codes: `lwj_<workspace: 43>_<secret: 22><crc: 6>`, base 62. A code names its workspace as a token
// does, so no directory is needed, and its secret has 128 bits: nobody finds one by trying.

import { base62Width, decodeBase62, encodeBase62 } from "./base62.ts";
import { checksum, crcWidth } from "./token.ts";

export const joinSecretBytes = 16;
const idBytes = 32;
const idWidth = base62Width(idBytes);

/** For secret scanners: matches every join code and little else. */
export const joinCodePattern = /lwj_[0-9A-Za-z]{43}_[0-9A-Za-z]{28}/;

/** Builds a code from a workspace id and {@link joinSecretBytes} random bytes. */
export function formatJoinCode(workspace: Uint8Array, secret: Uint8Array): string {
  const body = `lwj_${encodeBase62(workspace)}_${encodeBase62(secret)}`;
  return body + checksum(body);
}

/** The 32 bytes of the workspace id in `code`; null where its form or checksum is wrong. */
export function readJoinWorkspace(code: string): Uint8Array | null {
  const [matched] = joinCodePattern.exec(code) ?? [];
  if (matched !== code) return null;
  const body = code.slice(0, -crcWidth);
  return checksum(body) === code.slice(-crcWidth) ? decodeBase62(code.slice(4, 4 + idWidth), idBytes) : null;
}

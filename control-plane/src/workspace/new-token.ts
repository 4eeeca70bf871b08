// A token that is made: its text, which is handed out once, and the id and hash that are kept.

import { encodeBase62 } from "@longwire/shared/base62.ts";
import { formatToken, fromHex } from "@longwire/shared/token.ts";
import { sha256Hex } from "../access/digest.ts";

const secretBytes = 32;
/** As many as nobody guesses: a token's id tells nothing. */
const idBytes = 16;

export interface MadeToken {
  readonly text: string;
  readonly id: string;
  readonly hash: string;
}

/** `workspace`: the object's id in hexadecimal. */
export async function makeToken(workspace: string): Promise<MadeToken> {
  const text = formatToken(fromHex(workspace), crypto.getRandomValues(new Uint8Array(secretBytes)));
  const id = `tok_${encodeBase62(crypto.getRandomValues(new Uint8Array(idBytes)))}`;
  return { text, id, hash: await sha256Hex(text) };
}

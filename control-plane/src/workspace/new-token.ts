// A token that is made: its text, which is handed out once, and the id and hash that are kept.

import { encodeBase62 } from "@longwire/shared/base62.ts";
import { formatToken, fromHex } from "@longwire/shared/token.ts";
import { sha256Hex } from "../access/digest.ts";
import { drawRandom, type Draw } from "../access/draw.ts";

const secretBytes = 32;
/** As many as nobody guesses: a token's id tells nothing. */
const idBytes = 16;

export interface MadeToken {
  readonly text: string;
  readonly id: string;
  readonly hash: string;
}

/** `workspace`: the object's id in hexadecimal. */
export async function makeToken(workspace: string, draw: Draw = drawRandom): Promise<MadeToken> {
  const text = formatToken(fromHex(workspace), await draw("token", secretBytes));
  const id = `tok_${encodeBase62(await draw("token id", idBytes))}`;
  return { text, id, hash: await sha256Hex(text) };
}

// A webhook's id and the secret its deliveries are signed with.

import type { Draw } from "../access/draw.ts";
import { encodeBase62 } from "@longwire/shared/base62.ts";

export const secretPrefix = "whsec_";
const secretBytes = 32;
const idBytes = 16;

export interface MadeWebhook {
  readonly id: string;
  readonly secret: string;
}

export async function makeWebhook(draw: Draw): Promise<MadeWebhook> {
  const secret = btoa(String.fromCharCode(...(await draw("webhook", secretBytes))));
  const id = `whk_${encodeBase62(await draw("webhook id", idBytes))}`;
  return { id, secret: secretPrefix + secret };
}

// A webhook's id and the secret its deliveries are signed with.

import { encodeBase62 } from "@longwire/shared/base62.ts";

export const secretPrefix = "whsec_";
const secretBytes = 32;
const idBytes = 16;

export interface MadeWebhook {
  readonly id: string;
  readonly secret: string;
}

export function makeWebhook(): MadeWebhook {
  const secret = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(secretBytes))));
  const id = `whk_${encodeBase62(crypto.getRandomValues(new Uint8Array(idBytes)))}`;
  return { id, secret: secretPrefix + secret };
}

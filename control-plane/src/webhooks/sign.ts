// Signatures by the Standard Webhooks scheme: https://www.standardwebhooks.com, of id, time and body, by HMAC-SHA256.

import { secretPrefix } from "./new-webhook.ts";

const encoder = new TextEncoder();

/** The headers that go with `body`. `at`: milliseconds. */
export async function signDelivery(
  secret: string,
  { id, body, at }: { readonly id: string; readonly body: string; readonly at: number },
): Promise<Record<string, string>> {
  const bytes = Uint8Array.from(atob(secret.slice(secretPrefix.length)), (character) => character.charCodeAt(0));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const seconds = Math.floor(at / 1000);
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(`${id}.${seconds}.${body}`));
  const signature = btoa(String.fromCharCode(...new Uint8Array(mac)));
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": `v1,${signature}` };
}

// Where the bytes of a new secret come from. Under an `Idempotency-Key` a repeat must be able to tell the same secret
// though only its hash is kept: it is derived from the asking token, which the control plane does not keep either, and
// from a random salt that it keeps for as long as a repeat may come. Neither is of use without the other.

/** So many bytes for this purpose, 32 at the most. */
export type Draw = (purpose: string, bytes: number) => Promise<Uint8Array>;

const encoder = new TextEncoder();

export const drawRandom: Draw = (_, bytes) => Promise.resolve(crypto.getRandomValues(new Uint8Array(bytes)));

/** `token`: the text of the token that asks, 256 bits nobody else has. */
export function drawFrom(token: string, salt: string): Draw {
  return async (purpose, bytes) => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", encoder.encode(token), algorithm, false, ["sign"]);
    const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(JSON.stringify([salt, purpose])));
    return new Uint8Array(mac).slice(0, bytes);
  };
}

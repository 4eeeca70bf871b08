// In whose name a socket is open. It travels to the machine's object with the socket and stays in the socket's tags, so
// that it outlives the object's memory.

import * as z from "zod";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { scopes } from "@longwire/shared/scopes.ts";
import type { Grant } from "../workspace/grant.ts";

const holderSchema = z.object({
  /** The token's id. */
  token: z.string(),
  scopes: z.array(z.enum(scopes)),
  /** When the token ends, in milliseconds; null: never. */
  ends: z.number().int().nullable(),
});
export type Holder = z.infer<typeof holderSchema>;

export function holderOf({ tokenId, scopes: held, expiresAt }: Grant): Holder {
  return { token: tokenId, scopes: [...held], ends: expiresAt };
}

/** Throws where it is none: no socket is open in nobody's name. */
export function readHolder(text: string | null): Holder {
  return holderSchema.parse(parseJson(text ?? ""));
}

const prefixes = { token: "token:", scopes: "scopes:", ends: "ends:" } as const;

/** The tag that all sockets of a token have. */
export const tokenTag = (token: string): string => prefixes.token + token;

/** A tag holds 256 characters, a socket ten tags: https://developers.cloudflare.com/durable-objects/api/state/ */
export function tagsOf({ token, scopes: held, ends }: Holder): string[] {
  return [tokenTag(token), prefixes.scopes + held.join(), ...(ends === null ? [] : [`${prefixes.ends}${ends}`])];
}

export function holderIn(tags: readonly string[]): Holder {
  const find = (prefix: string): string | undefined => tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
  const held = find(prefixes.scopes)
    ?.split(",")
    .filter((scope) => scope !== "");
  const ends = find(prefixes.ends);
  return holderSchema.parse({
    token: find(prefixes.token),
    scopes: held,
    ends: ends === undefined ? null : Number(ends),
  });
}

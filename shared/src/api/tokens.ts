// Tokens of a workspace, as they are asked for and shown. A token's text is in the answer that made it and nowhere else.

import * as z from "zod";
import { maxMachines, maxNameLength, maxTokenLifeMs, minTokenLifeMs } from "../limits.ts";
import { scopes } from "../scopes.ts";
import { listLimitSchema } from "./whole-number.ts";

/** What people call a token: a line of text without control characters. It names the actor in the audit. */
export const tokenNameSchema = z
  .string()
  .min(1)
  .max(maxNameLength)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, "must hold no control characters")
  .refine((name) => name.trim() === name, "must not begin or end with a space");

/** A machine's id or name. */
const machineReferenceSchema = z.string().min(1).max(maxNameLength);

/** What a token is asked to reach; what is absent is as far as the token reaches that asks. */
export const reachFields = {
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .max(scopes.length)
    .refine((list) => new Set(list).size === list.length, "names a scope twice"),
  machines: z
    .array(machineReferenceSchema)
    .min(1)
    .max(maxMachines)
    .optional()
    .meta({ description: "Ids or names; absent: all that the asking token reaches." }),
  expires_in_ms: z.number().int().min(minTokenLifeMs).max(maxTokenLifeMs).optional(),
};

export const tokenRequestSchema = z
  .strictObject({ name: tokenNameSchema, ...reachFields })
  .meta({ id: "TokenRequest" });
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

export const tokensQuerySchema = z.strictObject({
  limit: listLimitSchema,
  cursor: z
    .string()
    .regex(/^[0-9]{1,15}\.[0-9A-Za-z_-]{1,64}$/, "must be a `next_cursor`")
    .optional(),
});
export type TokensQuery = z.infer<typeof tokensQuerySchema>;

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(["operator", "machine", "session"]).meta({
      description: "`machine`: opens its machine's link and nothing else. `session`: an operator's, of a page.",
    }),
    scopes: z.array(z.enum(scopes)),
    machines: z
      .array(z.string())
      .nullable()
      .meta({ description: "Ids; null where it reaches all machines, those to come included." }),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    last_used_at: z.string().nullable().meta({ description: "Up to an hour old." }),
  })
  .meta({ id: "Token" });
export type Token = z.infer<typeof tokenSchema>;

export const tokenListSchema = z
  .object({ items: z.array(tokenSchema), next_cursor: z.string().nullable() })
  .meta({ id: "TokenList" });
export type TokenList = z.infer<typeof tokenListSchema>;

/** The only answer that holds a token's text. */
export const newTokenSchema = tokenSchema.extend({ token: z.string() }).meta({ id: "NewToken" });
export type NewToken = z.infer<typeof newTokenSchema>;

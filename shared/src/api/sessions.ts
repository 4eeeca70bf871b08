// Signing in: a one-time secret, made with a token and carried in a link's fragment, is exchanged for a session.

import * as z from "zod";
import { scopes } from "../scopes.ts";
import { tokenSchema, reachFields } from "./tokens.ts";

export const signInRequestSchema = z
  .strictObject({ scopes: reachFields.scopes.optional(), machines: reachFields.machines })
  .meta({ id: "SignInRequest", description: "What the session is to reach; absent: all that the asking token does." });
export type SignInRequest = z.infer<typeof signInRequestSchema>;

export const newSignInSchema = z
  .object({ secret: z.string().meta({ description: "Good for one session." }), expires_at: z.string() })
  .meta({ id: "NewSignIn" });
export type NewSignIn = z.infer<typeof newSignInSchema>;

export const sessionRequestSchema = z.strictObject({ secret: z.string().max(200) }).meta({ id: "SessionRequest" });

/** `token` is absent where the session is in a cookie, which is so over https. */
export const newSessionSchema = tokenSchema.extend({ token: z.string().optional() }).meta({ id: "NewSession" });
/** Who asks: what the token or session behind a request allows. */
export const whoSchema = z
  .object({
    token_id: z.string(),
    name: z.string(),
    kind: z.enum(["operator", "session"]),
    scopes: z.array(z.enum(scopes)),
    expires_at: z.string().nullable(),
  })
  .meta({ id: "Who" });
export type Who = z.infer<typeof whoSchema>;
export type NewSession = z.infer<typeof newSessionSchema>;

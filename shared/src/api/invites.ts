// Invitations into a workspace: a code that is good once and for ten minutes, for a machine or for a token.

import * as z from "zod";
import { maxJoinCodeLength } from "../limits.ts";
import { reachFields, tokenNameSchema } from "./tokens.ts";

export const inviteRequestSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("machine") }),
    z.strictObject({ kind: z.literal("token"), name: tokenNameSchema, ...reachFields }),
  ])
  .meta({
    id: "InviteRequest",
    description: "`machine`: another machine joins. `token`: whoever redeems it gets one.",
  });
export type InviteRequest = z.infer<typeof inviteRequestSchema>;

export const joinCodeSchema = z.string().min(1).max(maxJoinCodeLength);

/** The only answer that holds a join code. */
export const inviteSchema = z
  .object({ id: z.string(), kind: z.enum(["machine", "token"]), join: z.string(), expires_at: z.string() })
  .meta({ id: "Invite" });
export type Invite = z.infer<typeof inviteSchema>;

export const redeemRequestSchema = z.strictObject({ join: joinCodeSchema }).meta({ id: "RedeemRequest" });

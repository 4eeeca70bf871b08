// The link with which whoever started this signs in to the dashboard.

import * as z from "zod";
import { signInLink } from "@longwire/shared/sign-in-link.ts";

const answerSchema = z.object({ secret: z.string() });

/** Asks the control plane at `url` for a one-time secret. Throws where it gives none. */
export async function makeSignInLink({
  url,
  token,
}: {
  readonly url: string;
  readonly token: string;
}): Promise<string> {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(`${url}/v1/sign-ins`, { method: "POST", headers, body: "{}" });
  return signInLink(url, answerSchema.parse(await answer.json()).secret);
}

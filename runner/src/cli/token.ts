// `runner token …`: makes, lists and revokes tokens of the workspace.

import type { Token } from "@longwire/shared/api/tokens.ts";
import { readPages } from "@longwire/shared/client/read-pages.ts";
import { plain } from "../policy-cli/say.ts";
import { findAccess } from "./api-access.ts";
import { exitCodes } from "./exit.ts";
import { openClient } from "./open-client.ts";
import { optionsOf } from "./parsed.ts";
import { parseTokenOptions, tokenUsage, type TokenOptions } from "./token-options.ts";

/** The exit code. */
export async function runToken(args: readonly string[]): Promise<number> {
  const options = optionsOf(parseTokenOptions(args), "token", tokenUsage);
  switch (options.command) {
    case "help":
      process.stdout.write(tokenUsage);
      return exitCodes.ok;
    case "create":
      return await createToken(options);
    case "list":
      return await listTokens(options);
    case "revoke": {
      await openClient(findAccess(options)).revokeToken(options.id);
      if (options.json) process.stdout.write(`${JSON.stringify({ id: options.id, revoked: true })}\n`);
      else process.stderr.write("Revoked. What was open with it is closed.\n");
      return exitCodes.ok;
    }
  }
}

/** The token itself is all that goes to stdout, so that a shell can keep it. */
async function createToken(options: Extract<TokenOptions, { command: "create" }>): Promise<number> {
  const made = await openClient(findAccess(options)).createToken(options.request);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return exitCodes.ok;
  }
  process.stdout.write(`${plain(made.token)}\n`);
  process.stderr.write(`${plain(made.id)}: ${describe(made)}. The token is shown this once.\n`);
  return exitCodes.ok;
}

async function listTokens(options: TokenOptions): Promise<number> {
  const client = openClient(findAccess(options));
  const tokens = await readPages((from) => client.tokens(from));
  if (options.json) process.stdout.write(`${JSON.stringify({ items: tokens })}\n`);
  else for (const token of tokens) process.stdout.write(`${plain(token.id)}  ${sayToken(token)}\n`);
  return exitCodes.ok;
}

function sayToken(token: Token): string {
  const used = token.last_used_at === null ? "never used" : `last used ${token.last_used_at}`;
  return plain(`${JSON.stringify(token.name)}  ${describe(token)}, ${used}`);
}

/** What it allows, in words. */
function describe({ kind, scopes, machines, expires_at: end }: Token): string {
  const what = kind === "machine" ? "the link of its machine" : scopes.join(", ");
  const where = machines === null ? "all machines" : machines.join(", ");
  return plain(`${what} on ${where}, ${end === null ? "without an end" : `until ${end}`}`);
}

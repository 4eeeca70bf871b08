// `runner mcp`: the MCP endpoint for clients that start a program and speak with it over its pipes. On stdout are
// messages and nothing else.

import { parseArgs } from "node:util";
import { maxBodyBytes } from "@longwire/shared/limits.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { accessOptions, accessUsage, findAccess } from "../cli/api-access.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { trustedFetch } from "../cli/trusted-fetch.ts";
import { trustSystemCertificates } from "../link/proxy.ts";
import { plain } from "../policy-cli/say.ts";
import { Bridge } from "./bridge.ts";
import { LineReader } from "./line-reader.ts";

export const mcpUsage = `runner mcp [options]   MCP over stdin and stdout, for clients that start a program; ends when its input does

${accessUsage}`;

/** The exit code. */
export async function runMcp(args: readonly string[]): Promise<number> {
  const { values } = parse(args);
  if (values.help) {
    process.stdout.write(mcpUsage);
    return exitCodes.ok;
  }
  const { server, token } = findAccess({ server: values.server, data: values.data });
  if (token === null) throw new CliFailure("mcp: there is no token.", exitCodes.notAuthorised);
  if (server.startsWith("https:")) trustSystemCertificates();
  const bridge = new Bridge({
    url: new URL("/mcp", server).href,
    token,
    fetch: trustedFetch,
    send: (message) => process.stdout.write(`${JSON.stringify(message)}\n`),
    log: (text) => process.stderr.write(`runner: ${plain(text)}\n`),
  });
  const lines = new LineReader(maxBodyBytes);
  // Whoever reads has gone, and wants no answer.
  process.stdout.on("error", () => process.exit(exitCodes.ok));
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    for (const line of lines.take(chunk)) bridge.take(line);
  }
  await bridge.end();
  return exitCodes.ok;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: accessOptions });
  } catch (error) {
    throw new CliFailure(`mcp: ${reasonOf(error)}\n\n${mcpUsage}`, exitCodes.usage);
  }
}

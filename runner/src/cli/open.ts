// `runner open`: a link that signs a browser in to the dashboard, once; opened where there is a browser, and printed.

import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { signInLink } from "@longwire/shared/sign-in-link.ts";
import { plain } from "../policy-cli/say.ts";
import { describeClients, sayClients } from "../mcp-cli/describe-clients.ts";
import { accessOptions, accessUsage, findAccess, type AccessOptions, type ApiAccess } from "./api-access.ts";
import { exitCodes } from "./exit.ts";
import { findOpener } from "./find-opener.ts";
import { openClient } from "./open-client.ts";
import { optionsOf, readParsed, type Parsed } from "./parsed.ts";

export const openUsage = `runner open [options]   sign a browser in to the dashboard, by a link that is good once, for five minutes

  --print         only print the link
  --mcp           print what each client of MCP wants to be told instead, with address and token
${accessUsage}`;

type OpenOptions = AccessOptions & {
  readonly json: boolean;
  readonly print: boolean;
  readonly mcp: boolean;
  readonly help: boolean;
};

/** Reads the arguments after `open`. */
export function parseOpenOptions(args: readonly string[]): Parsed<OpenOptions> {
  return readParsed(() => {
    const known = {
      ...accessOptions,
      print: { type: "boolean", default: false },
      mcp: { type: "boolean", default: false },
    } as const;
    const { server, data, json, print, mcp, help } = parseArgs({ args: [...args], options: known }).values;
    return { ok: true, value: { server, data, json, print, mcp, help } };
  });
}

/** The exit code. The link is all that goes to stdout. */
export async function runOpen(args: readonly string[]): Promise<number> {
  const options = optionsOf(parseOpenOptions(args), "open", openUsage);
  const { json, print, mcp, help, data } = options;
  if (help) {
    process.stdout.write(openUsage);
    return exitCodes.ok;
  }
  const access = findAccess(options);
  if (mcp) return printClients(access, json);
  const { secret, expires_at } = await openClient(access).createSignIn();
  const link = signInLink(new URL(access.server).origin, secret);
  if (json) {
    process.stdout.write(`${JSON.stringify({ dashboard_url: link, expires_at })}\n`);
    return exitCodes.ok;
  }
  process.stdout.write(`${plain(link)}\n`);
  process.stderr.write("Good once, for five minutes.\n");
  const opener = print ? null : findOpener(process.platform, process.env);
  if (opener !== null) openPage(opener, path.resolve(data ?? path.join(defaultDataFolder(), "runner")), link);
  return exitCodes.ok;
}

/** What clients of MCP want to be told. Holds the token, which is why it was asked for. */
function printClients({ server, token }: ApiAccess, isJson: boolean): number {
  const url = new URL("/mcp", server).href;
  const place = { url, token: token ?? "", bridge: [process.execPath, process.argv[1] ?? "runner", "mcp"] } as const;
  const clients = describeClients(place);
  process.stdout.write(isJson ? `${JSON.stringify({ mcp_url: url, token, clients })}\n` : sayClients(place));
  return exitCodes.ok;
}

/**
 * Has the browser read the link from a file of the owner's alone: everybody on the machine sees a program's arguments.
 * Where it does not open, the link that was printed is as good.
 */
function openPage([program, ...before]: readonly [string, ...string[]], folder: string, link: string): void {
  const file = path.join(folder, "open.html");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    rmSync(file, { force: true });
    // The link is made of an address that was checked and a secret of letters and digits: nothing of it ends the attribute.
    writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${link}">`, {
      mode: 0o600,
      flag: "wx",
    });
    const child = spawn(program, [...before, file], { detached: true, stdio: "ignore" });
    child.once("error", () => {});
    child.unref();
  } catch {
    // A folder that takes no file.
  }
}

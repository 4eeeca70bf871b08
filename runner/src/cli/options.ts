// The options of `connect`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import { readParsed, type Parsed } from "./parsed.ts";

export interface ConnectOptions {
  readonly server: string | undefined;
  /** A join code. */
  readonly join: string | undefined;
  readonly name: string | undefined;
  readonly cwd: string | undefined;
  readonly policy: string | undefined;
  readonly data: string | undefined;
  readonly allowAll: boolean;
  readonly allowRoot: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Reads the arguments after `connect`; a `--` that a package manager left in between is skipped. */
export function parseConnectOptions(args: readonly string[]): Parsed<ConnectOptions> {
  return readParsed(() => {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== "--"),
      options: {
        server: { type: "string" },
        join: { type: "string" },
        name: { type: "string" },
        cwd: { type: "string" },
        policy: { type: "string" },
        data: { type: "string" },
        "allow-all": { type: "boolean", default: false },
        "allow-root": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const {
      "allow-all": allowAll,
      "allow-root": allowRoot,
      server,
      join,
      name,
      cwd,
      policy,
      data,
      json,
      help,
    } = values;
    return { ok: true, value: { server, join, name, cwd, policy, data, allowAll, allowRoot, json, help } };
  });
}

export const usage = `runner connect [options]    dial out to a control plane and serve until Ctrl-C

  --server URL    the control plane's address; needed the first time, remembered after that
  --join CODE     joins the workspace whose owner made this code, with runner invite
  --name NAME     the machine's name; default: its host name
  --cwd DIR       where commands run unless they say otherwise; default: this folder
  --data DIR      the runner's state; default: longwire/runner under the user's state directory
  --policy FILE   the owner's policy file; default: longwire/policy.json under the user's config directory
  --allow-all     run whatever is asked for, without asking the owner
  --allow-root    run as root outside a container
  --json          print one JSON line on stdout once connected

runner run -- CMD…                 start a command on the machine and follow it
runner ps|logs|attach              what runs; what it printed; sit down at its terminal
runner stop|restart|signal|send    end it, begin it anew, send it a signal or a line
runner wait                        until it ends, or has come as far as one wants
                                   each with --help
runner invite                      a join code for another machine; with --token for a token
runner token create|list|revoke    tokens of the workspace; runner token --help says more
runner webhook create|list|delete  addresses that events are posted to; runner webhook --help says more
runner mcp                         MCP over stdin and stdout, for clients that start a program
runner open                        a link that signs a browser in to the dashboard, once;
                                   with --mcp: what clients of MCP want to be told
runner approvals|approve|deny      what waits for your approval on this machine; runner approvals --help says more
runner audit [--verify]            who did what, and whether both copies agree; runner audit --help says more
runner policy check|show|import    the owner's policy file; runner policy --help says more
runner doctor                      finds and names what is wrong

Enrolling with a control plane that has an ENROLL_KEY needs it in the environment as LONGWIRE_ENROLL_KEY.
`;

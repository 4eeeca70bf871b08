// The options of `start`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import { reasonOf } from "@longwire/shared/reason-of.ts";

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly allowHosts: readonly string[];
  readonly data: string | undefined;
  readonly cwd: string | undefined;
  readonly policy: string | undefined;
  readonly allowAll: boolean;
  readonly allowRoot: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export type Parsed =
  | { readonly ok: true; readonly value: StartOptions }
  | { readonly ok: false; readonly message: string };

export const usage = `npx -y pnpm@12 start [options]    the control plane and a runner on this machine, until Ctrl-C

  --port N          where the control plane listens; 0 picks a free port (8787)
  --host A          its address (127.0.0.1); another one than loopback needs --allow-host
  --allow-host H    a host name requests may use; repeatable
  --data DIR        all state; default: longwire under the user's state directory
  --cwd DIR         where commands run unless they say otherwise; default: this folder
  --policy FILE     the owner's policy file; default: longwire/policy.json under the user's config directory
  --allow-all       run whatever is asked for, without asking the owner
  --allow-root      run as root outside a container
  --json            one JSON line on stdout when ready, everything else on stderr
`;

/** Addresses only this machine reaches. */
export const loopbackHosts: readonly string[] = ["127.0.0.1", "localhost", "::1"];

/** Reads the arguments; a `--` that a package manager handed on is skipped. */
export function parseStartOptions(args: readonly string[]): Parsed {
  try {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== "--"),
      options: {
        port: { type: "string", default: "8787" },
        host: { type: "string", default: "127.0.0.1" },
        "allow-host": { type: "string", multiple: true, default: [] },
        data: { type: "string" },
        cwd: { type: "string" },
        policy: { type: "string" },
        "allow-all": { type: "boolean", default: false },
        "allow-root": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (!/^[0-9]{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
      return { ok: false, message: `--port ${values.port} is no port: give a number from 0 to 65535.` };
    }
    const allowHosts = values["allow-host"];
    if (!loopbackHosts.includes(values.host) && allowHosts.length === 0) {
      const message = `--host ${values.host} is reachable from elsewhere: name the host names it is used by with --allow-host.`;
      return { ok: false, message };
    }
    const { host, data, cwd, policy, json, help, "allow-all": allowAll, "allow-root": allowRoot } = values;
    return {
      ok: true,
      value: { port: Number(values.port), host, allowHosts, data, cwd, policy, allowAll, allowRoot, json, help },
    };
  } catch (error) {
    return { ok: false, message: reasonOf(error) };
  }
}

// `runner doctor`: looks at what a runner and its commands need, and names what is wrong. It changes nothing.

import path from "node:path";
import { defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { accessOptions, accessUsage, findAccess } from "../cli/api-access.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { readIdentity, type Identity } from "../cli/identity.ts";
import { maskOwn } from "../cli/mask-own.ts";
import { plain } from "../policy-cli/say.ts";
import { isColoured, jsonLine, print } from "../process-cli/print.ts";
import { readArguments } from "../process-cli/read-arguments.ts";
import type { Finding } from "./findings.ts";
import { lookAfar } from "./look-afar.ts";
import { lookHere } from "./look-here.ts";

const form = {
  command: "doctor",
  usage: `runner doctor [options]    find and name what is wrong: Node, data folder, disk, runner, policy file, control plane,
                           clock, token, link. 0: nothing is; 1: something, with what to do. It changes nothing

  --policy FILE   the policy file; default: longwire/policy.json under the user's config directory
${accessUsage}`,
  options: { ...accessOptions, policy: { type: "string" } },
  words: [0, 0],
} as const;

/** The exit code. */
export async function doctor(args: readonly string[]): Promise<number> {
  const read = readArguments(form, args);
  if (read === null) return exitCodes.ok;
  const { server, data, policy, json } = read.values;
  const dataFolder = path.resolve(data ?? path.join(defaultDataFolder(), "runner"));
  const identity = tryIdentity(dataFolder);
  const policyFile = policy === undefined ? undefined : path.resolve(policy);
  const findings = [
    ...(await lookHere({ dataFolder, isEnrolled: identity !== null, policyFile })),
    ...(await lookFrom({ server, data }, identity)),
  ].map(masked);
  const isWell = findings.every(({ verdict }) => verdict !== "fault");
  if (json) await print(process.stdout, jsonLine({ ok: isWell, findings }));
  else await print(process.stdout, findings.map(say).join(""));
  return isWell ? exitCodes.ok : exitCodes.failed;
}

/** Null where there is none that can be read. */
function tryIdentity(folder: string): Identity | null {
  try {
    return readIdentity(folder);
  } catch {
    return null;
  }
}

/** Nothing where no control plane is known of. */
async function lookFrom(
  options: { readonly server?: string | undefined; readonly data?: string | undefined },
  identity: Identity | null,
): Promise<Finding[]> {
  if (identity === null && options.server === undefined) return [];
  try {
    const access = findAccess({ server: options.server, data: options.data });
    const isOwn = identity !== null && new URL(identity.server).origin === new URL(access.server).origin;
    return await lookAfar(access, isOwn ? identity.machine_id : null);
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return [{ name: "token", verdict: "fault", says: error.message }];
  }
}

const masked = ({ says, hint, ...rest }: Finding): Finding => ({
  ...rest,
  says: maskOwn(says),
  ...(hint === undefined ? {} : { hint: maskOwn(hint) }),
});

const marks = { ok: "ok", warning: "warning", fault: "FAULT" } as const;
const colours = { ok: 32, warning: 33, fault: 31 } as const;

function say({ name, verdict, says, hint }: Finding): string {
  const mark = marks[verdict].padEnd(9);
  const shown = isColoured(process.stdout) ? `\u001b[${colours[verdict]}m${mark}\u001b[0m` : mark;
  const next = hint === undefined || verdict === "ok" ? "" : `${" ".repeat(25)}${plain(hint)}\n`;
  return `${shown}${name.padEnd(16)}${plain(says)}\n${next}`;
}

// `runner policy …`: what the owner's policy file says, what it would decide, and what goes into it.

import { existsSync } from "node:fs";
import path from "node:path";
import { callingFolder, defaultPolicyFile } from "@longwire/shared/node/folders.ts";
import { fileOf } from "../admit/policy.ts";
import { readPolicy } from "../admit/policy-source.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { optionsOf } from "../cli/parsed.ts";
import { checkPolicyFor } from "./check.ts";
import { importCommands } from "./import.ts";
import { parsePolicyOptions, policyUsage } from "./policy-usage.ts";
import { sayPolicy } from "./show.ts";

/** The exit code. */
export async function runPolicy(args: readonly string[]): Promise<number> {
  const options = optionsOf(parsePolicyOptions(args), "policy", policyUsage);
  const here = callingFolder();
  const file = path.resolve(here, options.policy ?? defaultPolicyFile());
  if (options.command !== "help" && options.command !== "import" && options.policy !== undefined && !existsSync(file)) {
    throw new CliFailure(`--policy ${file} is not there.`, exitCodes.usage);
  }
  switch (options.command) {
    case "help":
      process.stdout.write(policyUsage);
      return exitCodes.ok;
    case "import":
      return await importCommands(options, file, here);
    case "check": {
      const policy = readPolicy({ path: file, allowAll: options.allowAll });
      const { allowed, text } = checkPolicyFor(options, policy, path.resolve(here, options.cwd ?? "."));
      process.stdout.write(text);
      return allowed ? exitCodes.ok : exitCodes.failed;
    }
    case "show": {
      const policy = readPolicy({ path: file, allowAll: false });
      if (policy.type === "broken") throw new CliFailure(`nothing starts: ${policy.fault}.`, exitCodes.failed);
      const { file: said } = policy;
      const json = { file, exists: existsSync(file), policy: fileOf(policy) };
      process.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : sayPolicy(file, json.exists, said));
      return exitCodes.ok;
    }
  }
}

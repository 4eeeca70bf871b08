// What `doctor` sees of this machine.

import { existsSync, statfsSync, statSync } from "node:fs";
import path from "node:path";
import { defaultPolicyFile } from "@longwire/shared/node/folders.ts";
import { readPolicy } from "../admit/policy-source.ts";
import { askRunner } from "../approve/ask-runner.ts";
import { CliFailure } from "../cli/exit.ts";
import { tokenFileOf } from "../cli/identity.ts";
import { judgeDisk, judgeFolder, judgeNode, type Finding } from "./findings.ts";

export interface LookHere {
  /** Absolute. */
  readonly dataFolder: string;
  /** Whether the folder's identity was read. */
  readonly isEnrolled: boolean;
  /** Absolute; undefined for the usual one. */
  readonly policyFile: string | undefined;
}

export async function lookHere({ dataFolder, isEnrolled, policyFile }: LookHere): Promise<Finding[]> {
  const findings = [judgeNode(process.versions.node)];
  if (isEnrolled) {
    const files = [dataFolder, path.join(dataFolder, "identity.json"), tokenFileOf(dataFolder)];
    findings.push(lookAtFolder(files), lookAtDisk(dataFolder), await lookForRunner(dataFolder));
  } else {
    const hint = "Start it with `runner connect --server URL`, or give its folder with --data.";
    findings.push({ name: "data folder", verdict: "fault", says: `no runner is enrolled in ${dataFolder}`, hint });
  }
  return [...findings, lookAtPolicy(policyFile)];
}

function lookAtFolder(files: readonly string[]): Finding {
  const seen = files.flatMap((file) => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path: file, mode: stats.mode, uid: stats.uid }];
  });
  return judgeFolder(seen, process.getuid?.() ?? null);
}

function lookAtDisk(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  return judgeDisk(bavail * bsize);
}

async function lookForRunner(dataFolder: string): Promise<Finding> {
  try {
    await askRunner(dataFolder, { type: "list" });
    return { name: "runner", verdict: "ok", says: "it runs" };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return { name: "runner", verdict: "fault", says: error.message, hint: "`runner connect` starts it." };
  }
}

function lookAtPolicy(given: string | undefined): Finding {
  const name = "policy file";
  const file = given ?? defaultPolicyFile();
  if (given !== undefined && !existsSync(file)) return { name, verdict: "fault", says: `${file} is not there` };
  const policy = readPolicy({ path: file, allowAll: false });
  if (policy.type === "broken") {
    return { name, verdict: "fault", says: policy.fault, hint: "Nothing starts until it is mended." };
  }
  const count = Object.keys(policy.file.commands).length;
  const where = existsSync(file) ? file : `none at ${file}`;
  return { name, verdict: "ok", says: `mode ${policy.mode}, ${count} named commands (${where})` };
}

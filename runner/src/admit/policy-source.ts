// The owner's policy file on disk: nobody else may be able to write it, and no command may reach it. It is read again
// when it changed. A file that cannot be read refuses everything; it is never passed over.

import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { checkPolicy } from "./check-policy.ts";
import { findReal, isWithin } from "./path-within.ts";
import type { Policy, PolicySource } from "./policy.ts";
import { noPolicyFile, type PolicyFile, policySchema } from "./policy-schema.ts";
import { readJsonText, type ReadText } from "./policy-text.ts";

export interface PolicyFileOptions {
  readonly path: string;
  /** `--allow-all`: everything runs, whatever mode the file says. */
  readonly allowAll: boolean;
}

export class PolicyFileSource implements PolicySource {
  readonly #options: PolicyFileOptions;
  #seen: string | null = null;
  #policy: Policy = { type: "broken", fault: "it was not read yet" };

  constructor(options: PolicyFileOptions) {
    this.#options = options;
  }

  /** Reads the file where it is another one than at the last call. */
  current(): Policy {
    const seen = describeState(this.#options.path);
    if (seen !== this.#seen) this.#policy = readPolicy(this.#options);
    this.#seen = seen;
    return this.#policy;
  }
}

/** Changes whenever the file, its rights or its folder's do. */
function describeState(path: string): string {
  return [path, dirname(path)]
    .map((one) => {
      try {
        const { dev, ino, mode, uid, size, mtimeNs, ctimeNs } = statSync(one, { bigint: true });
        return one === path ? [dev, ino, mode, uid, size, mtimeNs, ctimeNs].join(" ") : [dev, ino, mode, uid].join(" ");
      } catch (error) {
        return String((error as NodeJS.ErrnoException).code);
      }
    })
    .join(" in ");
}

/** The policy in the file as it is now; mode `ask` and no commands where there is none. */
export function readPolicy({ path, allowAll }: PolicyFileOptions): Policy {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return read(noPolicyFile, allowAll);
    const real = realpathSync(path);
    const fault = findAccessFault(real);
    if (fault !== null) return { type: "broken", fault };
    const parsed = readPolicyText(readFileSync(real, "utf8"));
    if (!parsed.ok) return { type: "broken", fault: sayFault(path, parsed) };
    const reach = findReach(parsed.value, real);
    return reach === null ? read(parsed.value, allowAll) : { type: "broken", fault: reach };
  } catch (error) {
    return { type: "broken", fault: `${path}: ${reasonOf(error)}` };
  }
}

export function readPolicyText(text: string): ReadText<PolicyFile> {
  return readJsonText(text, policySchema, checkPolicy);
}

function sayFault(
  path: string,
  { fault: { line, path: key, message } }: Extract<ReadText<PolicyFile>, { ok: false }>,
): string {
  return `${path}:${line}: ${key === "" ? "" : `${key}: `}${message}`;
}

function read(file: PolicyFile, allowAll: boolean): Policy {
  return { type: "read", mode: allowAll ? "open" : file.mode, file };
}

/** Who beside the owner could change what the file says, or read it. */
function findAccessFault(path: string): string | null {
  const own = process.getuid?.();
  const stats = statSync(path);
  if (!stats.isFile()) return `${path} is no file`;
  if (own !== undefined && !isOwners(stats, own)) return `${path} belongs to another user: chown it to yourself`;
  if ((stats.mode & 0o077) !== 0) return `${path} is open to other users: chmod 600 ${path}`;
  const folder = statSync(dirname(path));
  const isSticky = (folder.mode & 0o1000) !== 0;
  if (own !== undefined && !isOwners(folder, own) && !isSticky) return `${dirname(path)} belongs to another user`;
  const isOpen = (folder.mode & 0o022) !== 0 && !isSticky;
  return isOpen ? `other users may replace files in ${dirname(path)}: chmod go-w ${dirname(path)}` : null;
}

function isOwners({ uid }: Stats, own: number): boolean {
  return uid === own || uid === 0;
}

/** The folder of a command that the file lies in: whoever works there could write it. */
export function findReach({ roots, commands }: PolicyFile, path: string): string | null {
  const folders = [
    ...Object.values(roots),
    ...Object.values(commands).flatMap(({ cwd }) => (cwd === undefined ? [] : [cwd])),
  ];
  const around = folders.find((folder) => isWithin(findReal(folder) ?? folder, path));
  return around === undefined ? null : `${path} lies inside ${around}, where commands run: move it out of there`;
}

// The tools of other projects that only checks use: `test/outside`, a project of its own, which the test command installs.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = path.resolve(import.meta.dirname, "../..");
const folder = path.join(root, "test/outside");

function packageFolder(name: string): string {
  const found = path.join(folder, "node_modules", name);
  if (existsSync(found)) return found;
  throw new Error(
    `${name} is not installed; do it by: npx -y pnpm@12 --dir test/outside install --frozen-lockfile (in ${root})`,
  );
}

/** The file of a package's program, to be run by `process.execPath`; throws, with what to do, where it is not installed. */
export function outsideProgram(name: string, program: string): string {
  const at = packageFolder(name);
  const { bin = {} } = JSON.parse(readFileSync(path.join(at, "package.json"), "utf8")) as {
    readonly bin?: Readonly<Record<string, string>>;
  };
  const file = bin[program];
  if (file === undefined) throw new Error(`${name} has no program ${program}`);
  return path.join(at, file);
}

/** A package's module, or another `entry` of it; what it exports is the caller's to check. Throws, with what to do, where it is not installed. */
export async function importOutside(name: string, entry = ""): Promise<unknown> {
  packageFolder(name);
  const file = createRequire(path.join(folder, "package.json")).resolve(name + entry);
  return await import(pathToFileURL(file).href);
}

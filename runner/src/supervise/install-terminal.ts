// Terminals need native code, which is there for some systems only. It is copied to where shims find it as long as they
// live: the package it came from may be replaced meanwhile.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TerminalSpec } from "../shim/run-spec.ts";
import { installFile } from "./install-file.ts";

export type TerminalCode = Pick<TerminalSpec, "module" | "helper">;

/** Where the code lies, copied to `folder`; null where this system has none or cannot load it. */
export function installTerminal(folder: string): TerminalCode | null {
  try {
    const own = createRequire(import.meta.url);
    const fromPackage = createRequire(own.resolve("@lydell/node-pty"));
    const original = fromPackage.resolve(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`);
    const module = installFile(readFileSync(original), folder, "terminal", ".node", 0o600);
    // It is loaded once here: what does not fit this system's C library says so now and not to a run.
    own(module);
    const helper = join(dirname(original), "spawn-helper");
    if (!existsSync(helper)) return { module, helper: "" };
    return { module, helper: installFile(readFileSync(helper), folder, "spawn-helper", "", 0o700) };
  } catch {
    return null;
  }
}

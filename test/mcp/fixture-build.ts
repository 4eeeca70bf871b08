// The built product with a Worker of `fixture-server` in the place of its own.

import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { root } from "../support/product.ts";

/** Returns the folder it lies in; whoever asked for it removes it. */
export async function makeFixtureBuild(worker: "worker.ts" | "counting-worker.ts"): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  for (const program of ["control-plane", "runner"]) {
    cpSync(path.join(root, program, "dist"), path.join(folder, program, "dist"), { recursive: true });
    symlinkSync(path.join(root, program, "node_modules"), path.join(folder, program, "node_modules"));
    cpSync(path.join(root, program, "package.json"), path.join(folder, program, "package.json"));
  }
  await esbuild.build({
    entryPoints: [path.join(import.meta.dirname, "fixture-server", worker)],
    outfile: path.join(folder, "control-plane/dist/worker.js"),
    ...{ bundle: true, format: "esm", platform: "neutral", target: "es2024", allowOverwrite: true },
    ...{ mainFields: ["module", "main"], conditions: ["workerd", "worker", "browser"] },
    external: ["cloudflare:*", "node:*"],
    logLevel: "warning",
  });
  return folder;
}

// The built product with a machine's object that says when it is made, by which a test sees that it slept.

import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root, type Product } from "./product.ts";

const said = "the machine's object was made";

/** How often the objects of the machines were made since it started. */
export function timesMade(product: Product): number {
  return product.stderr.split(said).length - 1;
}

/** Returns the folder it lies in; whoever asked for it removes it. */
export function copyTellingBuild(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  for (const program of ["control-plane", "runner"]) {
    cpSync(path.join(root, program, "dist"), path.join(folder, program, "dist"), { recursive: true });
    symlinkSync(path.join(root, program, "node_modules"), path.join(folder, program, "node_modules"));
    cpSync(path.join(root, program, "package.json"), path.join(folder, program, "package.json"));
  }
  const worker = path.join(folder, "control-plane/dist/worker.js");
  // The bundler numbers names that stand twice.
  const made = /this\.#retention = retentionOf\(\w+\);/;
  const source = readFileSync(worker, "utf8");
  if (!made.test(source)) throw new Error("the object's constructor looks different now");
  writeFileSync(
    worker,
    source.replace(made, (all) => `${all} console.error(${JSON.stringify(said)});`),
  );
  return folder;
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "@longwire/shared/node/process-identity.ts";
import { readClaim, takeClaim } from "./claim.ts";
import { runFiles } from "./run-spec.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "longwire-claim-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("[C3] a run is claimed once", () => {
  expect(readClaim(folder)).toBeNull();
  expect(takeClaim(folder, "shim")).toBe(true);
  expect(takeClaim(folder, "runner")).toBe(false);
  expect(readClaim(folder)).toMatchObject({ by: "shim", pid: process.pid });
});

test("[C3] a claim that a power cut emptied is taken, by a shim that does not live any more", () => {
  writeFileSync(join(folder, runFiles.claim), "");
  const claim = readClaim(folder);
  expect(claim).toMatchObject({ by: "shim" });
  expect(claim !== null && isAlive(claim)).toBe(false);
  expect(takeClaim(folder, "runner")).toBe(false);
});

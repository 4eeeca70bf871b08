// A policy file of a test's own, in a folder of its own: written anew as often as the test likes.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

export class PolicyFile {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-policy-")));
  /** To be given to `start`. */
  readonly path = path.join(this.folder, "policy.json");

  /** To be called at a test file's top, before the product is used: what it makes is removed after the last test. */
  constructor(policy: object = {}) {
    this.write(policy);
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  write(policy: object): void {
    writeFileSync(this.path, JSON.stringify({ version: 1, ...policy }), { mode: 0o600 });
  }
}

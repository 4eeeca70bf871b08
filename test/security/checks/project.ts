// S47: what is shipped.

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "../check.ts";
import { root } from "../../support/product.ts";

const manifests = ["package.json", "runner/package.json", "control-plane/package.json", "shared/package.json"];
/** What a package manager runs by itself when a package is installed. */
const onInstall = ["preinstall", "install", "postinstall", "prepare", "prepublish"];

const supply: Check = {
  id: "S47",
  title: "every dependency is locked with its checksum, and nothing of ours runs at installation",
  run(probe) {
    const lock = readFileSync(path.join(root, "pnpm-lock.yaml"), "utf8");
    const packages = lock.slice(lock.indexOf("\npackages:"), lock.indexOf("\nsnapshots:"));
    const entries = packages.split(/\n {2}(?=\S)/).slice(1);
    probe.holds("the lock names no packages", entries.length > 10);
    for (const entry of entries) {
      probe.asked++;
      probe.holds(`${entry.split("\n")[0]} has no checksum`, /integrity: sha512-/.test(entry));
    }
    for (const file of manifests) {
      const { scripts = {} } = JSON.parse(readFileSync(path.join(root, file), "utf8")) as {
        scripts?: Record<string, string>;
      };
      probe.same(
        `${file} at installation`,
        onInstall.filter((name) => name in scripts),
        [],
      );
    }
    return Promise.resolve();
  },
};

export const projectChecks: readonly Check[] = [supply];

// S47, S49: what is shipped, and where flaws are reported.

import { existsSync, readFileSync } from "node:fs";
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

const contact: Check = {
  id: "S49",
  title: "security.txt names whom to tell until a day to come, and SECURITY.md how",
  async run(probe) {
    const { status, text, headers } = await probe.ask("GET", "/.well-known/security.txt", { token: null });
    // An operator who named nobody has none.
    if (status !== 404 || probe.target.inside !== null) {
      probe.same("security.txt", [status, headers.get("Content-Type")?.split(";")[0]], [200, "text/plain"]);
      probe.holds("whom to tell", /^Contact: (mailto:|https:)/m.test(text));
      const expires = Date.parse(/^Expires: (.*)$/m.exec(text)?.[1] ?? "");
      probe.holds(`it expires ${expires}`, expires > Date.now());
    }
    probe.holds("SECURITY.md", existsSync(path.join(root, "SECURITY.md")));
  },
};

export const projectChecks: readonly Check[] = [supply, contact];

// A developer's machine under attack: a policy file with a few named commands, each with one kind of parameter, that sign
// a ledger when they run; and traps that show when anything else did.

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../support/product.ts";
import type { Signature } from "./judge-signature.ts";

export const signer = path.join(root, "test/fixtures/signs-a-ledger.mjs");

/** Programs that are found before the system's own, and only take note that they were called. */
const tripwires =
  "sh bash zsh env busybox touch id curl wget nc git npm npx pnpm find xargs sed awk tee cp dd ssh sudo python3 node";

/** What an owner may want otherwise. */
export interface OwnersWish {
  readonly commands?: object;
  /** Where approvals are given; on the terminal alone unless it says so. */
  readonly approve?: readonly string[];
}

export class OwnersMachine {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-test-")));
  /** Where the named commands run. Holds links that lead out of it, to nothing, and to themselves. */
  readonly root = path.join(this.folder, "web");
  readonly data = path.join(this.folder, "data");
  readonly policyFile = path.join(this.folder, "config/policy.json");
  readonly ledger = path.join(this.folder, "ledger");
  readonly #traps = path.join(this.folder, "traps");
  readonly #tripped = path.join(this.folder, "tripped");
  readonly #policy: string;

  /** `commands`: beside those of a siege. */
  constructor(mode: "named" | "ask" | "open", { commands = {}, ...more }: OwnersWish = {}) {
    for (const folder of [this.#traps, this.#tripwires, this.data, `${this.root}/inside`, `${this.root}-evil`]) {
      mkdirSync(folder, { recursive: true });
    }
    mkdirSync(path.dirname(this.policyFile), { mode: 0o700 });
    symlinkSync("/etc", path.join(this.root, "leaves"));
    symlinkSync(this.folder, path.join(this.root, "inside/leaves"));
    symlinkSync(path.join(this.folder, "nowhere"), path.join(this.root, "to-nothing"));
    symlinkSync("turns", path.join(this.root, "turns"));
    for (const name of tripwires.split(" ")) {
      const file = path.join(this.#tripwires, name);
      writeFileSync(file, `#!/bin/sh\necho "$0 $*" >> '${this.#tripped}'\n`);
      chmodSync(file, 0o755);
    }
    writeFileSync(this.ledger, "");
    this.#policy = JSON.stringify({ version: 1, mode, ...more, ...this.#commands(commands) }, null, 2);
    writeFileSync(this.policyFile, this.#policy, { mode: 0o600 });
  }

  get #tripwires(): string {
    return path.join(this.folder, "bin");
  }

  /** A file there must never be. */
  get trap(): string {
    return path.join(this.#traps, "sprung");
  }

  /** The environment its owner starts the runner from. */
  get environment(): Record<string, string> {
    const { HOME = "/" } = process.env;
    return { HOME, PATH: `${this.#tripwires}:/usr/bin:/bin`, LEDGER: this.ledger, OWN_WORD: "the owner's" };
  }

  /** The owner's line for the shell. */
  get shellLine(): string {
    return `exec '${process.execPath}' '${signer}' line "$PARAM_TEXT"`;
  }

  #commands(more: object): object {
    const sign = (kind: string, params: object, ...rest: string[]): object => ({
      ...{ root: "web", argv: [process.execPath, signer, kind, ...rest], params },
    });
    return {
      roots: { web: this.root },
      env: { allow: ["CI"] },
      limits: { processes: 20 },
      commands: {
        bare: sign("bare", {}),
        text: sign("text", { text: { type: "string" } }, "{text}"),
        trail: sign("trail", { text: { type: "string" } }),
        within: sign("within", { text: { type: "string" } }, "--text={text}"),
        word: sign("word", { text: { type: "string", pattern: "[a-z]{1,20}" } }, "{text}"),
        file: sign("file", { text: { type: "path" } }, "{text}"),
        count: sign("count", { text: { type: "integer", min: 0, max: 9 } }, "{text}"),
        ratio: sign("ratio", { text: { type: "number", min: 0, max: 1 } }, "{text}"),
        flag: sign("flag", { text: { type: "boolean" } }, "{text}"),
        pick: sign("pick", { text: { type: "enum", values: ["one", "two"] } }, "{text}"),
        line: { root: "web", command: this.shellLine, params: { text: { type: "string" } } },
        after: { ...sign("after", {}), needs: { bare: "completed" } },
        stay: sign("stay", {}),
        ...more,
      },
    };
  }

  /** Every signature so far. */
  signatures(): Signature[] {
    const lines = readFileSync(this.ledger, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Signature);
  }

  /** What shows that something ran, or was changed, that never may; `server` is the address its owner gave the runner whose data this is. */
  findTraces(data: string, server: string): string[] {
    const traces = readdirSync(this.#traps).map((name) => `the trap ${name} was sprung`);
    const inRoot = readdirSync(this.root).toSorted().join();
    if (inRoot !== "inside,leaves,to-nothing,turns") traces.push(`the folder of the commands holds ${inRoot}`);
    if (readFileSync(this.policyFile, "utf8") !== this.#policy) traces.push("the policy file was changed");
    const identity = JSON.parse(readFileSync(path.join(data, "identity.json"), "utf8")) as { server: string };
    if (identity.server !== server) traces.push(`the runner's server became ${identity.server}`);
    try {
      traces.push(...readFileSync(this.#tripped, "utf8").split("\n").slice(0, 20));
    } catch {
      // Nobody tripped.
    }
    return traces;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

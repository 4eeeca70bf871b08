import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../../support/runner-cli.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();

interface Told {
  readonly ok: boolean;
  readonly findings: {
    readonly name: string;
    readonly verdict: string;
    readonly says: string;
    readonly hint?: string;
  }[];
}

/** What it finds, as the product's owner asks it; `env` and `args` on top. */
async function examine(env: Record<string, string> = {}, args: readonly string[] = []): Promise<Told> {
  const data = path.join(on.product.data, "runner");
  const own = { XDG_CONFIG_HOME: path.join(on.product.data, "config"), ...env };
  const { code, stdout, stderr } = await runCli(["doctor", "--json", "--data", data, ...args], own);
  expect(stderr).toBe("");
  const told = JSON.parse(stdout) as Told;
  expect(code).toBe(told.ok ? 0 : 1);
  return told;
}

const faultsOf = ({ findings }: Told): string[] =>
  findings.filter(({ verdict }) => verdict === "fault").map(({ name }) => name);

test("[U9] doctor finds nothing wrong with a product that serves, and names each thing that is", async () => {
  const well = await examine();
  expect(faultsOf(well)).toEqual([]);
  expect(well.findings.map(({ name }) => name)).toEqual([
    ...["node", "data folder", "disk", "runner", "policy file", "control plane", "clock", "token", "link"],
  ]);
  const config = path.join(on.product.data, "elsewhere", "longwire");
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const policy = path.join(config, "policy.json");
  writeFileSync(policy, '{ "version": 1, "mode": "asks" }', { mode: 0o600 });
  const tokenFile = on.product.ready.token_file;
  const [badPolicy, noServer, badToken, empty] = await Promise.all([
    examine({ XDG_CONFIG_HOME: path.dirname(config) }),
    examine({ LONGWIRE_TOKEN: on.product.ready.token }, ["--server", "http://127.0.0.1:1"]),
    examine({ LONGWIRE_TOKEN: on.product.ready.token.replace(/.$/, (last) => (last === "x" ? "y" : "x")) }),
    examine({}, ["--data", path.join(on.product.data, "nothing")]),
  ]);
  expect(faultsOf(badPolicy)).toEqual(["policy file"]);
  expect(badPolicy.findings.find(({ name }) => name === "policy file")?.says).toContain(`${policy}:1: mode`);
  expect(faultsOf(noServer)).toEqual(["control plane"]);
  expect(faultsOf(badToken)).toEqual(["token"]);
  expect(faultsOf(empty)).toEqual(["data folder"]);
  chmodSync(tokenFile, 0o644);
  const open = await examine();
  chmodSync(tokenFile, 0o600);
  expect(faultsOf(open)).toEqual(["data folder"]);
  const text = await runCli(["doctor", "--data", path.join(on.product.data, "nothing")]);
  expect([text.code, text.stdout]).toEqual([
    1,
    expect.stringMatching(/^FAULT +data folder +no runner is enrolled in /m),
  ]);
  expect(text.stdout).toMatch(/^ {25}Start it with `runner connect/m);
});

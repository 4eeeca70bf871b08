import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const program = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
const base = realpathSync(mkdtempSync(join(tmpdir(), "longwire-test-")));
const project = join(base, "shop");
const file = join(base, "config/longwire/policy.json");
beforeAll(() => mkdirSync(project));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function policy(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { PATH } = process.env;
  const env = { PATH, HOME: base, XDG_CONFIG_HOME: join(base, "config") };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "policy", ...args], {
    ...{ cwd: project, env, encoding: "utf8", input: "" },
  });
  return { code: status, out: stdout, err: stderr };
}

test("[P46] a project's commands get into the file with the owner's yes, and never by themselves", () => {
  writeFileSync(join(project, "package.json"), JSON.stringify({ scripts: { dev: "vite", test: "vitest" } }));
  writeFileSync(join(project, "yarn.lock"), "");
  expect(policy("import")).toMatchObject({ code: 2, err: expect.stringContaining("--yes") as string });
  expect(policy("check", "--use", "dev").code).toBe(1);

  expect(policy("import", "--yes").code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    ...{ version: 1, mode: "ask", roots: { shop: project } },
    commands: {
      dev: { root: "shop", argv: ["yarn", "run", "dev"] },
      test: { root: "shop", argv: ["yarn", "run", "test"] },
    },
  });
  writeFileSync(join(project, "Procfile"), "web: node server.js\n");
  expect(policy("import", "Procfile", "--yes").code).toBe(0);
  const offered = {
    commands: {
      web: { argv: ["mine"] },
      build: { argv: ["make", "{target}"], params: { target: { type: "string" } } },
    },
  };
  writeFileSync(join(project, "longwire.json"), JSON.stringify(offered));
  expect(policy("import", "--yes")).toMatchObject({ code: 0, err: expect.stringContaining("web") as string });
  expect(policy("show").out).toMatch(/web +node server.js/);
});

test("[P46] what would be decided is said with its reason and as an exit code", () => {
  expect(policy("check", "--use", "build", "--param", "target=all", "--json")).toMatchObject({ code: 0 });
  const { out } = policy("check", "--use", "build", "--param", "target=all");
  expect(out).toMatch(/^allowed: build is a command the owner named\n.*\n +runs +make all\n/);
  expect(policy("check", "--use", "build", "--param", "target=--eval=x")).toMatchObject({
    ...{ code: 1, out: expect.stringContaining("params.target must not begin with `-`") as string },
  });
  expect(policy("check", "--", "yarn", "run", "dev", "--host")).toMatchObject({
    ...{
      code: 1,
      out: expect.stringMatching(/^asks: the policy has the owner approve this first, in: terminal\n/) as string,
    },
  });
  expect(policy("check", "--", "yarn", "run", "dev").out).toContain("`use`: dev");
  expect(JSON.parse(policy("check", "--json", "--", "ls").out)).toMatchObject({
    allowed: false,
    asks: true,
    argv: ["ls"],
  });
  expect(policy("check", "--allow-all", "--", "rm", "-rf", "x")).toMatchObject({ code: 0 });
});

test("[P46] what is masked is said by count, and a broken file is named with its place", () => {
  writeFileSync(file, '{ "version": 1, "redact": { "patterns": ["corp-x+"] }, "approve": ["dashboard"] }');
  expect(policy("show").out).toMatch(/Asked in +dashboard\n(.*\n)+Masks .*0 values and 1 pattern of yours/);
  writeFileSync(file, '{ "version": 1,\n"colour": 2 }');
  expect(policy("show")).toMatchObject({ code: 1, err: expect.stringContaining(`${file}:2: colour`) as string });
  expect(policy("check", "ls")).toMatchObject({ code: 1, out: expect.stringContaining("policy.json:2") as string });
  expect(policy("import", "--yes")).toMatchObject({ code: 1 });
});

test("[P46] a usage error ends with 2", () => {
  for (const args of [["sow"], ["import", "Makefile"], ["show", "--policy", "none.json"]]) {
    expect([args, policy(...args).code]).toEqual([args, 2]);
  }
});

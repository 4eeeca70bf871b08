import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PolicyFileSource, readPolicy, readPolicyText } from "./policy-source.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "longwire-test-")));
  path = join(folder, "policy.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: object, mode = 0o600): void {
  writeFileSync(path, JSON.stringify({ version: 1, ...file }), { mode });
  chmodSync(path, mode);
}

const read = (allowAll = false): ReturnType<typeof readPolicy> => readPolicy({ path, allowAll });
const broken = (fault: string): object => ({ type: "broken", fault: expect.stringContaining(fault) as string });

test("[T10] the documentation's example is a policy file", () => {
  const page = readFileSync(new URL("../../../docs/policy.md", import.meta.url), "utf8");
  const [, example = ""] = /```jsonc\n(.*?)```/s.exec(page) ?? [];
  expect(readPolicyText(example)).toMatchObject({ ok: true, value: { commands: { dev: { needs: { db: "ready" } } } } });
});

test("[T11] a file that others may read or write is not used", () => {
  for (const mode of [0o640, 0o604, 0o620, 0o602, 0o666]) {
    write({}, mode);
    expect(read()).toEqual(broken(`chmod 600 ${path}`));
  }
  write({}, 0o400);
  expect(read()).toMatchObject({ type: "read", mode: "ask" });
});

test("[T11] nor one that others may replace", () => {
  write({});
  chmodSync(folder, 0o770);
  expect(read()).toEqual(broken(`chmod go-w ${folder}`));
  chmodSync(folder, 0o1777);
  expect(read().type).toBe("read");
});

test("[T11] nor one that lies where commands run, by a link or not", () => {
  const link = join(folder, "link");
  symlinkSync(folder, link);
  for (const inside of [{ roots: { all: folder } }, { roots: { all: link } }, { roots: { all: "/" } }]) {
    write(inside);
    expect(read()).toEqual(broken("lies inside"));
  }
  write({ commands: { x: { cwd: folder, argv: ["x"] } } });
  expect(read()).toEqual(broken("lies inside"));
  const beside = join(folder, "beside");
  mkdirSync(beside);
  write({ roots: { beside } });
  expect(read().type).toBe("read");
});

test("[T10] without a file nothing is named and the owner is asked; with --allow-all everything runs", () => {
  expect(read()).toMatchObject({ type: "read", mode: "ask", file: { commands: {} } });
  expect(read(true)).toMatchObject({ type: "read", mode: "open" });
  write({ mode: "named" });
  expect(read(true)).toMatchObject({ type: "read", mode: "open" });
});

test("[T10] a change counts at the next look; a broken one refuses everything, also where everything ran", () => {
  const source = new PolicyFileSource({ path, allowAll: true });
  expect(source.current()).toMatchObject({ type: "read", mode: "open" });
  expect(source.current()).toBe(source.current());
  writeFileSync(path, '{ "version": 1,\n "mode": "open", "colour": 1 }', { mode: 0o600 });
  expect(source.current()).toEqual(broken(`${path}:2: colour: is no known key`));
  write({ mode: "named" });
  expect(source.current()).toMatchObject({ type: "read", file: { mode: "named" } });
  // An editor that writes beside it and renames.
  const next = join(folder, "next");
  writeFileSync(next, '{ "version": 1, "mode": "open" }', { mode: 0o600 });
  renameSync(next, path);
  expect(source.current()).toMatchObject({ type: "read", file: { mode: "open" } });
  chmodSync(path, 0o644);
  expect(source.current()).toEqual(broken("chmod 600"));
  rmSync(path);
  symlinkSync(join(folder, "nowhere"), path);
  expect(source.current()).toEqual(broken("ENOENT"));
});

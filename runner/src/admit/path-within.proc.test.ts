import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { isWithin, settleWithin } from "./path-within.ts";

const base = realpathSync(mkdtempSync(join(tmpdir(), "longwire-test-")));
const root = join(base, "root");
mkdirSync(join(root, "src/deep"), { recursive: true });
mkdirSync(join(base, "outside"));
mkdirSync(join(base, "root-too"));
writeFileSync(join(root, "src/a.ts"), "");
symlinkSync(join(base, "outside"), join(root, "out"));
symlinkSync(join(root, "src"), join(root, "in"));
symlinkSync(join(base, "nowhere/x"), join(root, "dangling"));
symlinkSync("loop", join(root, "loop"));
symlinkSync(root, join(base, "link"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test("[T13] a path inside the folder is taken, without `..` and never as an option", () => {
  const settled: [string, string][] = [
    ["src/a.ts", "src/a.ts"],
    ["./src//deep/../a.ts", "src/a.ts"],
    [".", "."],
    ["", "."],
    ["new/file", "new/file"],
    ["-rf", "./-rf"],
    ["in/a.ts", "in/a.ts"],
    [join(root, "src"), "src"],
  ];
  for (const [asked, path] of settled) expect([asked, settleWithin(root, asked)]).toEqual([asked, path]);
  expect(settleWithin(join(base, "link"), join(root, "src/a.ts"))).toBe("src/a.ts");
  expect(settleWithin(join(base, "link"), "src/a.ts")).toBe("src/a.ts");
});

test("[T13] a path that leaves the folder is refused, by `..` as by a link", () => {
  const leaving = ["..", "../root-too", "src/../../outside", "/etc/passwd", "out", "out/x", "dangling", "dangling/x"];
  for (const asked of [...leaving, "loop", "loop/x", "src/a.ts/x", join(base, "root-too")]) {
    expect([asked, settleWithin(root, asked)]).toEqual([asked, null]);
  }
});

test("[T13] no path escapes, however it is put together", () => {
  const step = fc.constantFrom(
    "..",
    ".",
    "src",
    "deep",
    "a.ts",
    "out",
    "in",
    "dangling",
    "loop",
    "-x",
    "",
    "root",
    "new",
  );
  const asked = fc
    .tuple(fc.constantFrom("", "/", `${root}/`, `${base}/link/`), fc.array(step))
    .map(([start, steps]) => {
      return start + steps.join("/");
    });
  fc.assert(
    fc.property(asked, (path) => {
      const settled = settleWithin(root, path);
      if (settled === null) return;
      expect(settled).not.toMatch(/^-|^\/|(^|\/)\.\.(\/|$)/);
      // What is not there yet has the real place of the folder it would be made in.
      let place = resolve(root, settled);
      for (;;) {
        try {
          place = realpathSync(place);
          break;
        } catch {
          place = resolve(place, "..");
        }
      }
      expect(isWithin(root, place)).toBe(true);
    }),
  );
});

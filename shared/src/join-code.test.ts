import fc from "fast-check";
import { expect, test } from "vitest";
import { formatJoinCode, joinCodePattern, joinSecretBytes, readJoinWorkspace } from "./join-code.ts";
import { tokenPattern } from "./token.ts";

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

test("[T25] a join code names its workspace and carries a checksum that finds every changed character", () => {
  fc.assert(
    fc.property(bytes(32), bytes(joinSecretBytes), fc.nat(75), (workspace, secret, at) => {
      const code = formatJoinCode(workspace, secret);
      expect(code).toMatch(new RegExp(`^${joinCodePattern.source}$`));
      expect(code).not.toMatch(tokenPattern);
      expect(readJoinWorkspace(code)).toEqual(workspace);
      const other = code[at] === "A" ? "B" : "A";
      expect(readJoinWorkspace(code.slice(0, at) + other + code.slice(at + 1))).toBeNull();
    }),
  );
});

test("[T25] what is no join code is told from one without asking a workspace", () => {
  const code = formatJoinCode(new Uint8Array(32), new Uint8Array(joinSecretBytes));
  for (const text of ["", "lwj_", `${code}A`, ` ${code}`, "lwj_".padEnd(76, "A")]) {
    expect(readJoinWorkspace(text)).toBeNull();
  }
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { scopes } from "@longwire/shared/scopes.ts";
import { holderIn, readHolder, tagsOf } from "./holder.ts";

test("[T24] in whose name a socket is open is read from its tags as it was written", () => {
  const holder = fc.record({
    token: fc.stringMatching(/^tok_[0-9A-Za-z]{22}$/),
    scopes: fc.subarray([...scopes]),
    ends: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(holder, (one) => {
      expect(holderIn(["viewer", ...tagsOf(one)])).toEqual(one);
      expect(readHolder(JSON.stringify(one))).toEqual(one);
      for (const tag of tagsOf(one)) expect(tag.length).toBeLessThanOrEqual(256);
    }),
  );
});

test("[T24] no socket is open in nobody's name", () => {
  for (const text of [null, "", "{}", '{"token":"t"}']) expect(() => readHolder(text)).toThrow(/Invalid/);
});

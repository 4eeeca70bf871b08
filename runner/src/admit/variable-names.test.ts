import { expect, test } from "vitest";
import { isListed } from "./variable-names.ts";

test("[P42] names of variables are listed exactly or with `*`", () => {
  const listed = ["CI", "AWS_*", "*_TOKEN", "A*B*C", "*X*"];
  for (const name of ["CI", "AWS_", "AWS_KEY", "GH_TOKEN", "ABC", "A_BB_C", "X", "aXb"]) {
    expect([name, isListed(name, listed)]).toEqual([name, true]);
  }
  for (const name of ["CI2", "MY_CI", "AWS", "ci", "TOKEN", "AC", "ABCD", "A"]) {
    expect([name, isListed(name, listed)]).toEqual([name, false]);
  }
  expect(isListed("AB", ["AB*B"])).toBe(false);
});

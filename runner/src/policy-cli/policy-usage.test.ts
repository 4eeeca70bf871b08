import { expect, test } from "vitest";
import { parsePolicyOptions } from "./policy-usage.ts";

test("[P46] a command line that means nothing is refused as such", () => {
  const wrong = [
    "",
    "sow",
    "check",
    "show x",
    "import a b",
    "show --colour",
    "check --param a=1 -- x",
    "check --use a -- x",
  ];
  for (const line of wrong) {
    expect([line, parsePolicyOptions(line.split(" ").filter((word) => word !== "")).ok]).toEqual([line, false]);
  }
});

test("[P46] what stands behind `--` is the command's own", () => {
  expect(parsePolicyOptions(["check", "--cwd", "web", "--", "npm", "run", "dev", "--json"])).toMatchObject({
    ...{ ok: true, value: { command: "check", cwd: "web", json: false, rest: ["npm", "run", "dev", "--json"] } },
  });
  expect(parsePolicyOptions(["check", "--use", "a", "--param", "x=1=2", "--param", "y"])).toMatchObject({
    ...{
      ok: true,
      value: {
        use: "a",
        params: [
          ["x", "1=2"],
          ["y", ""],
        ],
      },
    },
  });
});

import { expect, test } from "vitest";
import { readPolicyText } from "../admit/policy-source.ts";
import { newPolicyText } from "../policy-cli/add-commands.ts";
import { addAlways } from "./remember-always.ts";

const npm = { argv: ["npm", "test"], command: undefined, cwd: "/web" };
const make = { command: "make all", argv: undefined, cwd: "/web" };

test("[T44] what is allowed for good is added to the owner's file once, and nothing else there changes", () => {
  const first = addAlways(newPolicyText, npm);
  const both = addAlways(first, make);
  expect(addAlways(both, npm)).toBe(both);
  expect(JSON.parse(both)).toEqual({
    ...{ version: 1, mode: "ask" },
    always: [
      { argv: ["npm", "test"], cwd: "/web" },
      { command: "make all", cwd: "/web" },
    ],
  });
  const owners = '{\n  // mine\n  "version": 1, "always": [\n    { "command": "ls", "cwd": "/" }, // yes\n  ],\n}\n';
  const added = addAlways(owners, make);
  expect(added).toContain("// mine");
  expect(added).toContain("// yes");
  expect(readPolicyText(added)).toMatchObject({
    ok: true,
    value: { always: [{ command: "ls" }, { command: "make all" }] },
  });
});

import { expect, test } from "vitest";
import type { StartRequest } from "@longwire/shared/api/requests.ts";
import { isAlwaysAllowed } from "./always.ts";
import { policySchema } from "./policy-schema.ts";

const file = policySchema.parse({
  version: 1,
  always: [
    { argv: ["npm", "test"], cwd: "/web" },
    { command: "make all", cwd: "/web" },
  ],
  env: { allow: ["CI"] },
});
const covers = (request: StartRequest, cwd = "/web"): boolean => isAlwaysAllowed(file, request, cwd);

test("[T44] what is allowed for good is exactly the command and the folder, with nothing beside it", () => {
  expect(covers({ argv: ["npm", "test"], name: "t", tags: ["x"], env: { CI: "1" } })).toBe(true);
  expect(covers({ command: "make all", ready: { port: 80 } })).toBe(true);
  expect(covers({ argv: ["npm", "test"], ready: { command: "make all" } })).toBe(true);
  const others: (readonly [StartRequest, string?])[] = [
    [{ argv: ["npm", "test"] }, "/web/"],
    [{ argv: ["npm", "test"] }, "/web2"],
    [{ argv: ["npm", "test", ""] }],
    [{ argv: ["npm", "test "] }],
    [{ argv: ["npm test"] }],
    [{ argv: ["npm"] }],
    [{ command: "npm test" }],
    [{ argv: ["make", "all"] }],
    [{ command: "make all " }],
    [{ command: "make all; id" }],
    [{ command: "make all\n" }],
    [{ argv: ["npm", "test"], env: { NODE_OPTIONS: "-r ./x" } }],
    [{ argv: ["npm", "test"], stdin: "" }],
    [{ argv: ["npm", "test"], ready: { command: "id" } }],
  ];
  for (const [request, cwd] of others) expect([request, covers(request, cwd)]).toEqual([request, false]);
});

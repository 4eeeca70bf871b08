import { expect, test } from "vitest";
import { judgeStart, modeOf, plainPolicy, type Policy } from "./policy.ts";
import { readPolicyText } from "./policy-source.ts";

const open = plainPolicy("open").current();

function policyOf(file: object): Policy {
  const parsed = readPolicyText(JSON.stringify({ version: 1, ...file }));
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return { type: "read", mode: parsed.value.mode, file: parsed.value };
}

const named = { roots: { web: "/web" }, commands: { dev: { root: "web", command: "make" } } };

test("[T6] only an open machine runs what it was not told of", () => {
  expect(judgeStart(open, { command: "ls" }).type).toBe("allowed");
  expect(judgeStart(plainPolicy("named").current(), { command: "ls" })).toMatchObject({
    type: "denied",
    refusal: { code: "denied_by_machine", hint: expect.stringContaining("--allow-all") as string },
  });
  expect(judgeStart(plainPolicy("ask").current(), { command: "ls" }).type).toBe("asks");
});

test("[T12] every mode lets named commands run, and says which there are", () => {
  for (const mode of ["ask", "named", "open"]) {
    expect(judgeStart(policyOf({ mode, ...named }), { use: "dev" }).type).toBe("allowed");
  }
  const refusal = judgeStart(policyOf({ ...named, mode: "named" }), { command: "make" });
  expect(refusal).toMatchObject({ refusal: { hint: expect.stringContaining("`use`: dev") as string } });
});

test("[T12] variables are the caller's to set as far as the owner allows", () => {
  const env = { CI: "1", LD_PRELOAD: "/x" };
  expect(judgeStart(open, { command: "ls", env }).type).toBe("allowed");
  const allowing = policyOf({ mode: "open", env: { allow: ["C*"] }, ...named });
  for (const request of [
    { use: "dev", env },
    { command: "ls", env },
  ]) {
    expect(judgeStart(allowing, request)).toMatchObject({
      refusal: { code: "denied_by_machine", errors: [{ path: "env.LD_PRELOAD" }] },
    });
  }
  expect(judgeStart(allowing, { use: "dev", env: { CI: "1" } }).type).toBe("allowed");
  expect(judgeStart(policyOf(named), { use: "dev", env: { CI: "1" } }).type).toBe("denied");
});

test("[T10] a file that cannot be read refuses everything with the reason", () => {
  const broken: Policy = { type: "broken", fault: "policy.json:3: is no JSON" };
  for (const request of [{ command: "ls" }, { use: "dev" }]) {
    expect(judgeStart(broken, request)).toMatchObject({
      refusal: { code: "denied_by_machine", detail: expect.stringContaining("policy.json:3") as string },
    });
  }
  expect(modeOf(broken)).toBe("named");
});

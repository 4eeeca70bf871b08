// One digest over all that will run: two that differ in a byte differ here. What is secret in it goes in as a hash of
// its own, and the salt stays on the machine, so that nobody finds a value by trying.

import { createHash } from "node:crypto";
import type { WhatRuns } from "./what-runs.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** 64 hexadecimal digits. */
export function digestOf({ request, cwd, environment, bound }: WhatRuns, salt: string): string {
  const { env = {}, stdin, ...rest } = request;
  return hash(
    canonical({
      salt,
      request: rest,
      cwd,
      bound,
      given: Object.keys(env),
      stdin: stdin === undefined ? null : hash(stdin),
      environment: Object.entries(environment).map(([name, value]) => [name, hash(value)]),
    }),
  );
}

/** JSON with every object's keys in one order; the pairs of an environment are sorted the same way. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(key === "environment" ? sorted(one) : one)}`)
    .toSorted()
    .join()}}`;
}

function sorted(pairs: unknown): unknown {
  return (pairs as readonly [string, string][]).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

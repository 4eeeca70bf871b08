import fc from "fast-check";
import { expect, test } from "vitest";
import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { FileIdentity } from "../shim/file-identity.ts";
import { digestOf } from "./digest.ts";
import type { WhatRuns } from "./what-runs.ts";

const program: FileIdentity = { path: "/usr/bin/npm", device: "1", inode: "2", content: "3 4 5" };
const folder: FileIdentity = { path: "/web", device: "1", inode: "9", content: "" };
const request: StartRequest = {
  argv: ["npm", "run", "dev"],
  env: { PORT: "80" },
  stdin: "yes\n",
  ready: { command: "curl -sf localhost" },
  restart: { policy: "on_failure", max: 5, delay_ms: 1, max_delay_ms: 2 },
};
const what: WhatRuns = {
  request,
  cwd: "/web",
  environment: { PATH: "/usr/bin", PORT: "80", HOME: "/root" },
  bound: { program, folder },
};
const salt = "s";

test("[T42] the digest is over all that runs: a change of any part of it is another one", () => {
  const others: WhatRuns[] = [
    { ...what, request: { ...request, argv: ["npm", "run", "dev "] } },
    { ...what, request: { ...request, argv: ["npm", "run dev"] } },
    { ...what, request: { ...request, argv: ["npm run", "dev"] } },
    { ...what, request: { ...request, stdin: "yes\r\n" } },
    { ...what, request: { ...request, tty: true } },
    { ...what, request: { ...request, merge: true } },
    { ...what, request: { ...request, keep_background: true } },
    { ...what, request: { ...request, lease_ms: null } },
    { ...what, request: { ...request, env: {} } },
    { ...what, request: { ...request, ready: { command: "curl -sf localhost; id" } } },
    { ...what, request: { ...request, restart: { policy: "always", max: 5, delay_ms: 1, max_delay_ms: 2 } } },
    { ...what, cwd: "/web/" },
    { ...what, environment: { ...what.environment, LD_PRELOAD: "/x" } },
    { ...what, environment: { ...what.environment, HOME: "/roo" } },
    { ...what, environment: { PATH: "/usr/bin", PORT: "80" } },
    { ...what, bound: { program: null, folder } },
    { ...what, bound: { program, folder: null } },
    ...(Object.keys(program) as (keyof FileIdentity)[]).map((key) => ({
      ...what,
      bound: { program: { ...program, [key]: `${program[key]}0` }, folder },
    })),
    { ...what, bound: { program, folder: { ...folder, inode: "8" } } },
  ];
  const digests = [what, ...others].map((one) => digestOf(one, salt));
  expect(new Set(digests).size).toBe(digests.length);
  expect(digestOf(what, "t")).not.toBe(digests[0]);
  const shuffled = { HOME: "/root", PORT: "80", PATH: "/usr/bin" };
  expect(digestOf({ ...what, environment: shuffled }, salt)).toBe(digests[0]);
});

test("[T42] one byte changed anywhere in a command, its arguments, folder or environment is another digest", () => {
  const text = fc.string({ minLength: 1, maxLength: 8 });
  const runs = fc.tuple(fc.array(text, { minLength: 1, maxLength: 3 }), text, text, text);
  fc.assert(
    fc.property(runs, fc.nat(), ([argv, cwd, name, value], at) => {
      const one: WhatRuns = { request: { argv }, cwd, environment: { [name]: value }, bound: { program, folder } };
      const changes: WhatRuns[] = [
        { ...one, request: { argv: argv.map((part, index) => (index === at % argv.length ? flip(part, at) : part)) } },
        { ...one, request: { argv: [...argv, ""] } },
        { ...one, cwd: flip(cwd, at) },
        { ...one, environment: { [name]: flip(value, at) } },
        { ...one, environment: { [flip(name, at)]: value } },
      ];
      const known = digestOf(one, salt);
      return changes.every((change) => digestOf(change, salt) !== known);
    }),
    { numRuns: 60 },
  );
});

/** `text` with the lowest bit of one of its characters turned. */
function flip(text: string, at: number): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  const place = at % units.length;
  return String.fromCharCode(...units.map((unit, index) => (index === place ? unit ^ 1 : unit)));
}

import { expect, test } from "vitest";
import { maxShownBytes, maxShownLines } from "@longwire/shared/limits.ts";
import { findShowFault, showWhatRuns } from "./show-what-runs.ts";
import type { WhatRuns } from "./what-runs.ts";

const file = (path: string) => ({ path, device: "1", inode: "2", content: "" });
const what: WhatRuns = {
  request: {
    name: "web",
    argv: ["npm", "run", "dev\u001b[2J"],
    env: { PORT: "80", NODE_OPTIONS: "-r ./x" },
    stdin: "é",
    ready: { command: "curl localhost\n&& id" },
    restart: { policy: "always", max: 3, delay_ms: 1, max_delay_ms: 1 },
  },
  cwd: "/web",
  environment: { PATH: "/bin" },
  bound: { program: file("/usr/bin/npm-cli"), folder: file("/srv/web") },
};

test("[T43] the owner is shown each argument by itself, and everything else that runs or changes it", () => {
  expect(showWhatRuns(what)).toEqual([
    ["name", '"web"'],
    ["argv", '"npm"'],
    ["", '"run"'],
    ["", '"dev\\u{1b}[2J"'],
    ["program", '"/usr/bin/npm-cli"'],
    ["folder", '"/web"'],
    ["", 'which is "/srv/web"'],
    ["sets", 'PORT="80"'],
    ["", 'NODE_OPTIONS="-r ./x"'],
    ["input", "2 bytes are given to it"],
    ["also runs", '"curl localhost\\n"'],
    ["", '"&& id"'],
    ["restarts", "whenever it ends, up to 3 times in a row"],
  ]);
});

test("[T43] what is too long to be taken in is not asked about", () => {
  expect(findShowFault(what)).toBeNull();
  const withArgv = (argv: string[]): WhatRuns => ({ ...what, request: { argv } });
  expect(findShowFault(withArgv(["x".repeat(maxShownBytes)]))).toMatchObject({ code: "denied_by_machine" });
  expect(findShowFault(withArgv(Array.from({ length: maxShownLines }, () => "x")))).not.toBeNull();
  // An escape takes more room on the screen than in the command.
  expect(findShowFault(withArgv(["\u200b".repeat(maxShownBytes / 4)]))).not.toBeNull();
});

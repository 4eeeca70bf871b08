import { expect, test } from "vitest";
import { maxPolicyBytes } from "@longwire/shared/limits.ts";
import { readPolicyText } from "./policy-source.ts";

/** A file with these commands, each on a line of its own from line 4 on. */
const withCommands = (...lines: string[]): string =>
  [
    '{ "version": 1,',
    '  "roots": { "web": "/web" },',
    '  "commands": {',
    ...lines.map((line) => `${line},`),
    "  } }",
  ].join("\n");

test("[T10] comments and trailing commas are read; what is not said has its default", () => {
  const text = `{ // mine
    "version": 1, /* one */ "commands": { "dev": { "cwd": "/web", "argv": ["npm", "run", "dev"], }, },
  }`;
  const read = readPolicyText(text);
  expect(read).toMatchObject({
    ok: true,
    value: { mode: "ask", approve: ["terminal"], commands: { dev: { params: {}, needs: {} } }, env: { remove: [] } },
  });
});

const faults: Record<string, [text: string, line: number, path: string, message: string]> = {
  "unknown key": ['{\n"version": 1,\n"colour": 1 }', 3, "colour", "no known key"],
  "unknown key of a command": [
    withCommands('"a": { "root": "web", "argv": ["x"], "shell": true }'),
    4,
    "commands.a.shell",
    "no known key",
  ],
  "no JSON": ['{\n"version": 1\n"mode": "ask" }', 3, "", "is no JSON: comma expected"],
  "another version": ['{ "version": 2 }', 1, "version", "expected 1"],
  "no version": ['{ "mode": "ask" }', 1, "version", "expected 1"],
  "a key twice": ['{ "version": 1,\n"mode": "ask",\n"mode": "open" }', 3, "mode", "twice"],
  "a prototype": ['{ "version": 1, "commands": { "__proto__": {} } }', 1, "commands.__proto__", "no key"],
  "a bad name": ['{ "version": 1,\n"roots": { "1x": "/x" } }', 2, "roots.1x", "start with a letter"],
  "a relative root": ['{ "version": 1, "roots": { "x": "web" } }', 1, "roots.x", "absolute"],
  "neither command nor argv": [withCommands('"a": { "root": "web" }'), 4, "commands.a", "exactly one of `command`"],
  "an unknown root": [withCommands('"a": { "root": "api", "argv": ["x"] }'), 4, "commands.a.root", "no folder"],
  "a program by parameter": [
    withCommands('"a": { "root": "web", "argv": ["{x}"], "params": { "x": { "type": "string" } } }'),
    4,
    "commands.a.argv",
    "must not depend",
  ],
  "a wrong default": [
    withCommands(
      '"a": { "root": "web", "argv": ["x"], "params": { "n": { "type": "integer", "max": 3, "default": 4 } } }',
    ),
    4,
    "commands.a.params.n",
    "its default must be at most 3",
  ],
  "a pattern that is none": [
    withCommands('"a": { "root": "web", "argv": ["x"], "params": { "n": { "type": "string", "pattern": "(" } } }'),
    4,
    "commands.a.params.n.pattern",
    "RE2",
  ],
  "a pattern for being ready that is none": [
    withCommands('"a": { "root": "web", "argv": ["x"], "ready": { "pattern": "(" } }'),
    4,
    "commands.a.ready.pattern",
    "RE2",
  ],
  "a pattern outside RE2": [
    withCommands(
      '"a": { "root": "web", "argv": ["x"], "params": { "n": { "type": "string", "pattern": "(a)\\\\1" } } }',
    ),
    4,
    "commands.a.params.n.pattern",
    "RE2",
  ],
  "too large": [`{ "version": 1 }${" ".repeat(maxPolicyBytes)}`, 1, "", "larger"],
  nothing: ["", 1, "", "is no JSON"],
  "a mountain of brackets": ["[".repeat(100_000), 1, "", "nested"],
};

test.for(Object.entries(faults))(
  "[T10] nothing of a file counts that has a fault: %s",
  ([, [text, line, path, message]]) => {
    const read = readPolicyText(text);
    expect(read).toMatchObject({ ok: false, fault: { line, path } });
    expect(read.ok ? "" : read.fault.message).toContain(message);
  },
);

const argv = '"root": "web", "argv": ["x"]';

test("[P44] commands that need each other in a circle are refused, with the circle", () => {
  const text = withCommands(
    `"a": { ${argv}, "needs": { "b": "started" } }`,
    `"b": { ${argv}, "needs": { "c": "started" } }`,
    `"c": { ${argv}, "needs": { "b": "completed" } }`,
  );
  expect(readPolicyText(text)).toMatchObject({
    fault: { line: 5, path: "commands.b.needs", message: expect.stringContaining("b → c → b") as string },
  });
});

test("[P44] a need that cannot be met is refused", () => {
  const needing = (condition: string, other: string): string =>
    withCommands(`"a": { ${argv}, "needs": { "b": "${condition}" } }`, other);
  const bad: [string, string][] = [
    [needing("started", `"c": { ${argv} }`), "names no command"],
    [needing("ready", `"b": { ${argv} }`), "no `ready`"],
    [needing("completed", `"b": { ${argv}, "restart": { "policy": "always" } }`), "never completes"],
    [
      needing("started", `"b": { ${argv}, "params": { "x": { "type": "string", "required": true } } }`),
      "parameter x is required",
    ],
  ];
  for (const [text, message] of bad) {
    expect(readPolicyText(text)).toMatchObject({
      fault: { path: "commands.a.needs.b", message: expect.stringContaining(message) as string },
    });
  }
  expect(readPolicyText(needing("ready", `"b": { ${argv}, "ready": { "port": 80 } }`)).ok).toBe(true);
});

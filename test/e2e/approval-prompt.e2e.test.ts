import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { PolicyFile } from "../support/policy-file.ts";
import { survivorsOf, treeOf } from "../support/process-tree.ts";
import { root } from "../support/product.ts";
import { PseudoTerminal } from "../support/pseudo-terminal.ts";
import { runCli } from "../support/runner-cli.ts";

const policy = new PolicyFile({});
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-test-")));
const data = path.join(folder, "data");
const work = path.join(folder, "work");
let terminal: PseudoTerminal;
let api: Api;
let url = "";

beforeAll(async () => {
  mkdirSync(work);
  const { PATH, HOME } = process.env;
  const start = path.join(root, "control-plane/dist/start.js");
  const args = ["--port", "0", "--data", data, "--policy", policy.path, "--cwd", work, "--allow-root"];
  terminal = new PseudoTerminal([start, ...args], { PATH, HOME, TERM: "xterm-256color" });
  const shown = await terminal.shows("Ctrl-C");
  url = /http:\/\/127\.0\.0\.1:[0-9]+/.exec(shown)?.[0] ?? "";
  api = new Api({ url, token: readFileSync(path.join(data, "runner/token"), "utf8").trim() });
});
afterAll(async () => {
  await terminal?.end();
  rmSync(folder, { recursive: true, force: true });
});

const question = "[n] no";
const ran = (name: string): boolean => existsSync(path.join(work, name));

/** Starts what is asked about; what the terminal shows of it, once a key would count. */
async function ask(request: object): Promise<{ readonly id: string; readonly shown: string; readonly from: number }> {
  const from = terminal.screen.length;
  const { process_id: id } = await api.start(request);
  const shown = await terminal.shows(question, from);
  return { id, shown, from };
}

/** Presses a key until it counts: what is pressed too early does not. */
async function press(key: string, effect: string, from: number, at = terminal): Promise<void> {
  await waitUntil(
    `${key} counts`,
    () => {
      if (at.screen.slice(from).includes(effect)) return true;
      if (performance.now() - pressedAt > 1000) {
        pressedAt = performance.now();
        at.type(key);
      }
      return null;
    },
    20_000,
  );
}
let pressedAt = 0;

test("[T45] the owner is asked in the terminal the runner was started in, and a key decides", async () => {
  const yes = await ask({ argv: ["touch", "yes please"], name: "web" });
  const [heading, ...rows] = stripVTControlCharacters(yes.shown).trim().split("\r\n");
  expect(heading).toMatch(new RegExp(`^${yes.id} asks to run: approval [0-9a-f]{12}$`));
  expect(rows.slice(0, 3)).toEqual(['  name       "web"', '  argv       "touch"', '             "yes please"']);
  expect(rows.at(-1)).toBe("[o] once   [a] always exactly this in this folder   [n] no");
  await press("o", "once\r\n", yes.from + yes.shown.length);
  await api.ended(yes.id);
  expect(ran("yes please")).toBe(true);
  const no = await ask({ command: "touch no" });
  await press("n", "no\r\n", no.from + no.shown.length);
  expect(
    await waitUntil("it is denied", async () => {
      const process = await api.process(no.id);
      return process.state === "failed" ? process : null;
    }),
  ).toMatchObject({ reason: "denied" });
  expect(ran("no")).toBe(false);
  const events = await api.events(0, "&type=approval");
  expect(events.flatMap(({ by }) => (by === undefined ? [] : [by]))).toEqual(["terminal", "terminal"]);
});

test("[T45] [T44] `a` allows exactly this for good, and is not offered where it would not hold", async () => {
  const one = await ask({ argv: ["touch", "always"] });
  expect(one.shown).toContain("[a] always exactly this in this folder");
  await press("a", "always: it is in the policy file now", one.from);
  await api.ended(one.id);
  expect(JSON.parse(readFileSync(policy.path, "utf8"))).toMatchObject({
    always: [{ argv: ["touch", "always"], cwd: work }],
  });
  await api.startUntil("until=exit", { argv: ["touch", "always"] });
  const other = await ask({ argv: ["touch", "always"], stdin: "x" });
  expect(other.shown).not.toContain("[a]");
  await api.stop(other.id);
  await terminal.shows("settled elsewhere", other.from);
});

test("[T45] what was typed before a question stands there does not answer it", async () => {
  terminal.type("ooo\rn\ro");
  const one = await ask({ command: "touch early" });
  terminal.type("o");
  await terminal.shows(question, one.from);
  expect(await api.process(one.id)).toMatchObject({ state: "pending" });
  await press("n", "no\r\n", one.from + one.shown.length);
  expect(ran("early")).toBe(false);
});

/** The one thing a terminal may be told: SGR. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

/** Words that do something to a terminal, or look like others. */
const corpus: readonly string[] = [
  "\u001b]52;c;cm0gLXJmIH4=\u0007",
  "\u001b]0;title\u001b\\",
  "\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\",
  "\u001bPq#0;2;0;0;0\u001b\\",
  "\u001b_apc\u001b\\",
  "\u001b^pm\u001b\\",
  "\u001b[2J\u001b[1;1H\u001b[31mred\u001b[0m",
  "\u001bc\u001b7\u001b8",
  "\u009b2J\u009d0;t\u009c\u0090x\u009c",
  "\u202erm -rf\u202c\u2066iso\u2069\u200e\u200f\u061c",
  "a\u200bb\u200c\u200d\u2060\ufeff\u00ad",
  "\u{e0041}\u{e0042}\u{e007f}",
  "line\nother\r\noverwritten\rback\b\b\b\bspace\u007f",
  "tab\tbell\u0007null-free\u000b\u000c\u000e\u000f",
  "p\u0430yp\u0430l \u04bbttp e\u0301 \u2028 \u2029 \u00a0",
  '\\u{1b} \\" \\\\ \\n',
  "[o] once   [n] no o",
];

test("[T43] whatever a caller words, the terminal gets colours and plain text alone, and each word can be read back", async () => {
  for (const [index, text] of corpus.entries()) {
    const cwd = path.join(work, `d${index}${text.replaceAll("/", "_").slice(0, 20)}`);
    mkdirSync(cwd);
    const requests = [
      { argv: ["touch", text], cwd, env: { SHOWN: text }, ready: { command: `echo ${text}` } },
      { command: `touch ${text}`, cwd, stdin: text },
    ];
    for (const request of requests) {
      const { id, shown, from } = await ask(request);
      const plainText = shown.replaceAll(colour, "");
      // Of what steers a terminal only the line ends of the prompt itself are left.
      expect(plainText.replaceAll("\r\n", "")).toMatch(/^[\u0020-\u007e\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]*$/);
      const said = [...plainText.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = ""]) => readBack(inner));
      const lines = said.join("\n");
      expect(lines).toContain(cwd);
      if ("argv" in request) expect(said.filter((one) => one === text)).toHaveLength(2);
      else expect(said.join("")).toContain(`touch ${text}`);
      await api.stop(id);
      await terminal.shows("settled elsewhere", from);
    }
  }
}, 120_000);

/** What a quoted word on the screen stands for. */
function readBack(inner: string): string {
  const short: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return inner.replaceAll(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (short[letter] ?? letter) : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}

test("[T45] a runner that dials out by itself asks in its own terminal", async () => {
  const own = path.join(folder, "own");
  const cli = path.join(root, "runner/dist/cli.js");
  const args = ["connect", "--server", url, "--data", own, "--policy", policy.path, "--cwd", work, "--allow-root"];
  const key = readFileSync(path.join(data, "enroll-key"), "utf8");
  const { PATH, HOME } = process.env;
  const other = new PseudoTerminal([cli, ...args], { PATH, HOME, LONGWIRE_ENROLL_KEY: key, NO_COLOR: "1" });
  try {
    await other.shows("Connected to");
    const asking = new Api({ url, token: readFileSync(path.join(own, "token"), "utf8").trim() });
    const { process_id: id } = await asking.start({ command: "touch own" });
    const shown = await other.shows(question);
    expect(shown).not.toContain("\u001b");
    await press("o", "once\r\n", other.screen.length, other);
    await asking.ended(id);
    expect(ran("own")).toBe(true);
  } finally {
    expect(await other.end()).toBe(0);
  }
});

test("[T45] a runner in the background asks nothing in the terminal until it comes to the foreground", async () => {
  const own = path.join(folder, "background");
  const cli = path.join(root, "runner/dist/cli.js");
  const key = readFileSync(path.join(data, "enroll-key"), "utf8");
  const options = `--server ${url} --data ${own} --policy ${policy.path} --cwd ${work} --allow-root`;
  const script = `set -m; ${process.execPath} ${cli} connect ${options} & read line; echo "[$line]"; fg`;
  const { PATH, HOME } = process.env;
  const shell = new PseudoTerminal(["-c", script], { PATH, HOME, LONGWIRE_ENROLL_KEY: key }, "/bin/bash");
  try {
    await shell.shows("Connected to");
    const asking = new Api({ url, token: readFileSync(path.join(own, "token"), "utf8").trim() });
    const { process_id: id } = await asking.start({ command: "touch background" });
    const listed = await runCli(["approvals", "--data", own, "--json"]);
    expect(listed.stdout).toContain(`"process_id":"${id}"`);
    expect(shell.screen).not.toContain(question);
    // Whoever has the terminal gets what is typed.
    shell.type("o\r");
    await shell.shows("[o]\r\n");
    await shell.shows(question);
    await press("o", "once\r\n", shell.screen.length, shell);
    await asking.ended(id);
  } finally {
    shell.type("\u0003");
    await waitUntil("it ended", () => shell.exitCode, 40_000);
  }
});

test("[T45] a runner that is killed at a question leaves the terminal as it was, and the next one asks anew", async () => {
  const { id } = await ask({ command: "touch again" });
  const runner = treeOf(terminal.pid).find(({ command }) => /cli\.js connect/.test(command));
  if (runner === undefined) throw new Error("there is no runner");
  const killedAt = terminal.screen.length;
  process.kill(runner.pid, "SIGKILL");
  const shown = await terminal.shows(question, killedAt);
  await press("o", "once\r\n", killedAt + shown.length);
  await api.ended(id);
  expect(ran("again")).toBe(true);
  const from = terminal.screen.length;
  terminal.type("seen");
  await terminal.shows("seen", from);
  terminal.type("\r");
});

test("[T45] Ctrl-C at a question ends everything, and no process is left", async () => {
  const { id } = await ask({ command: "touch never" });
  expect(await api.process(id)).toMatchObject({ state: "pending" });
  const tree = treeOf(terminal.pid);
  terminal.type("\u0003");
  expect(await waitUntil("it ended", () => terminal.exitCode, 40_000)).toBe(0);
  expect(survivorsOf(tree)).toEqual([]);
  expect(ran("never")).toBe(false);
});

import path from "node:path";
import { expect, test } from "vitest";
import type { Process, WaitAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { PseudoTerminal } from "../../support/pseudo-terminal.ts";
import { beginCli, cliProgram, runCli, type BegunCli, type CliEnd } from "../../support/runner-cli.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
const cli = (...[command = "", ...args]: string[]): Promise<CliEnd> => runCli([command, "--data", folder(), ...args]);
const folder = (): string => path.join(on.product.data, "runner");

/** The same at a terminal. */
function openTerminal([command = "", ...args]: readonly string[], env: Record<string, string> = {}): PseudoTerminal {
  const { PATH, HOME } = process.env;
  const own = { PATH, HOME, TERM: "xterm-256color", ...env };
  return new PseudoTerminal([cliProgram, command, "--data", folder(), ...args], own);
}

/** What it showed, once it has ended. */
async function atTerminal(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const terminal = openTerminal(args, env);
  await terminal.ended();
  return terminal.screen;
}

const steering = "\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u001b[0m\u202egpj";

test("[U5] [U8] ps shows what runs in a line each, whatever their commands hold, and all of it as JSON", async () => {
  const { process_id: id } = await on.api.start({
    argv: ["node", "-e", "setTimeout(() => 0, 600_000)", `evil${steering}`],
    name: "held",
    tags: ["a"],
  });
  await on.api.startUntil("until=exit", { command: "exit 4", name: "gone" });
  const [table, tagged, json, shown, plain] = await Promise.all([
    cli("ps"),
    cli("ps", "--tag", "a", "--json"),
    cli("ps", "--state", "exited", "--json"),
    atTerminal(["ps"]),
    atTerminal(["ps"], { NO_COLOR: "1" }),
  ]);
  expect([table.code, table.stderr]).toEqual([0, ""]);
  expect(table.stdout).toMatch(/^ID +NAME +STATE +RUN +PID +SINCE +COMMAND\n/);
  expect(table.stdout).toMatch(/^p\d+ +gone +exited 4 +1 +\d+ +\d+s ago +exit 4$/m);
  expect(table.stdout).toMatch(
    /^p\d+ +held +running +1 +\d+ +\d+s +node -e 'setTimeout.*' 'evil\\u\{1b\}\]0;owned\\u\{7\}/m,
  );
  expect((JSON.parse(tagged.stdout) as { items: Process[] }).items.map(({ name }) => name)).toEqual(["held"]);
  expect((JSON.parse(json.stdout) as { items: Process[] }).items.map(({ name }) => name)).toEqual(["gone"]);
  expect(shown.startsWith("\u001b[1mID ")).toBe(true);
  expect(plain.startsWith("ID ")).toBe(true);
  expect(plain).not.toMatch(/[^\P{Cc}\r\n]|\u202e/u);
  for (const line of plain.split("\r\n")) expect(line.length).toBeLessThanOrEqual(120);
  const stopped = await cli("stop", id);
  expect([stopped.code, stopped.stderr]).toEqual([0, `held (${id}) was ended by SIGINT (stopped).\n`]);
});

test("[U4] logs gives a pipe the bytes as they were printed, and a terminal text that steers nothing", async () => {
  const bytes = Buffer.from(`1 of 9\r9 of 9\n\u00ff${steering}\n`, "utf8");
  const argv = ["node", "-e", `process.stdout.write(Buffer.from("${bytes.toString("base64")}", "base64"))`];
  const { process_id: id } = await on.api.startUntil("until=exit", { argv, name: "odd" });
  const [piped, last, found, json, shown, raw] = await Promise.all([
    cli("logs", "odd"),
    cli("logs", "odd", "--tail", "1"),
    cli("logs", "odd", "--grep", "^9"),
    cli("logs", id, "--json"),
    atTerminal(["logs", "odd"]),
    atTerminal(["logs", "--raw", "odd"]),
  ]);
  expect(piped.stdout).toBe(bytes.toString());
  expect(last.stdout).toBe(`\u00ff${steering}\n`);
  expect(found.stdout).toContain("9 of 9\n");
  expect(JSON.parse(json.stdout)).toMatchObject({ process_id: id, next_cursor: `1.${bytes.byteLength}` });
  expect(shown).toBe("9 of 9\r\n\u00ff\r\nredgpj\r\n");
  expect(raw).toBe(bytes.toString().replaceAll("\n", "\r\n"));
});

test("[U4] logs -f goes on from what was printed to what is printed, each byte once, until the end", async () => {
  const script =
    "let n = 0; process.stdin.on('data', () => { for (let i = 0; i < 20000; i++) console.log('line', n++); })";
  await on.api.start({ argv: ["node", "-e", script], name: "many" });
  const print = (until: string, more: object = {}): Promise<WaitAnswer> =>
    on.api.input("many", `until=${until}&wait_ms=20000`, { text: "go\n", ...more });
  const begin = (...args: string[]): BegunCli => beginCli(["logs", "-f", "--data", folder(), "many", ...args]);
  await print("match&pattern=line+19999");
  const [all, some, json] = [begin(), begin("--grep", "9999$"), begin("--json", "--tail", "1")];
  const terminal = openTerminal(["logs", "-f", "many", "--tail", "1"]);
  // What comes while they begin to read is as little missed as what comes later.
  await print("match&pattern=line+39999");
  await terminal.shows("line 39999");
  for (const one of [all, some]) await waitUntil("it is read", () => one.stdout().includes("line 39999"));
  await print("exit", { close: true });
  const lines = Array.from({ length: 60_000 }, (_, n) => `line ${n}`);
  const end = await all.ended();
  expect([end.code, end.stdout === `${lines.join("\n")}\n`, end.stderr]).toEqual([0, true, ""]);
  expect((await some.ended()).stdout.trim().split("\n")).toEqual(lines.filter((line) => line.endsWith("9999")));
  expect(await terminal.ended()).toBe(0);
  const shown = terminal.screen.split("\r\n").filter((line) => /^line \d+$/.test(line));
  expect(shown.length).toBeGreaterThan(20_000);
  expect(shown.join("\n") === lines.slice(-shown.length).join("\n")).toBe(true);
  const events = (await json.ended()).stdout.trim().split("\n");
  expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ type: "exited", returncode: 0 });
  // Once it has ended there is nothing to wait for.
  expect((await cli("logs", "-f", "many", "--tail", "1")).stdout).toBe("line 59999\n");
});

test("[U7] wait ends with what was waited for, or with the run's own code, and says which", async () => {
  const { process_id: id } = await on.api.start({
    argv: ["sh", "-c", "echo here \u001b[1mit is\u001b[0m; read x; exit 5"],
  });
  const [match, late, json] = await Promise.all([
    cli("wait", id, "--match", "it is"),
    cli("wait", id, "--listen", "--timeout", "1s"),
    cli("wait", id, "--idle", "1s", "--json"),
  ]);
  expect([match.code, match.stdout]).toEqual([0, "here it is\n"]);
  expect([late.code, late.stdout, late.stderr]).toEqual([1, "", `runner: the time is up; ${id} is running.\n`]);
  expect(JSON.parse(json.stdout) as WaitAnswer).toMatchObject({ ended_by: "idle", process: { process_id: id } });
  const ends = Promise.all([cli("wait", id), cli("wait", id, "--match", "never")]);
  const sent = await cli("send", id, "now");
  expect([sent.code, sent.stderr]).toEqual([0, `${id} has it.\n`]);
  const [ended, missed] = await ends;
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([5, "", ""]);
  expect([missed.code, missed.stderr]).toEqual([1, `runner: ${id} exited with 5.\n`]);
});

test("[U6] restart, signal and stop do what they say; what is asked wrongly ends with its code and what to do", async () => {
  const script = "trap 'exit 6' USR1; while :; do sleep 0.1; done";
  const { process_id: id } = await on.api.start({ command: script, name: "again" });
  const restarted = await cli("restart", "again");
  expect([restarted.code, restarted.stderr]).toEqual([0, `again (${id}), run 2: running.\n`]);
  const signalled = await cli("signal", "again", "usr1", "--json");
  expect(JSON.parse(signalled.stdout)).toMatchObject({ process: { process_id: id, run: 2 } });
  expect((await cli("wait", "again")).code).toBe(6);
  const ends = await Promise.all([
    cli("stop", "again", "--json"),
    cli("stop", "nobody"),
    cli("attach", "again"),
    runCli(["ps", "--data", "/nowhere"]),
    cli("ps", "--machine", "nobody"),
    runCli(["ps", "--server", "http://127.0.0.1:1", "--data", "/nowhere"], { LONGWIRE_TOKEN: on.product.ready.token }),
    runCli(["ps", "--server", on.product.ready.url, "--data", "/nowhere"], { LONGWIRE_TOKEN: "lw_wrong" }),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([0, 1, 2, 2, 1, 4, 3]);
  expect(JSON.parse(ends[0]?.stdout ?? "")).toMatchObject({ stopped: true, survivors: [] });
  expect(ends[1]?.stderr).toContain("`runner ps --all`");
  for (const { stdout, stderr, code } of ends.slice(1)) {
    expect([stdout, stderr]).toEqual(["", expect.stringMatching(/^runner: /) as string]);
    expect(stderr).not.toContain("    at ");
    if (code === 2) expect(stderr).toMatch(/--data|terminal/);
  }
});

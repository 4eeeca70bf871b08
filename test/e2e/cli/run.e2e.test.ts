import { mkdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { PseudoTerminal } from "../../support/pseudo-terminal.ts";
import { beginCli, cliProgram, runCli, type CliEnd } from "../../support/runner-cli.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
const folder = (): string => path.join(on.product.data, "runner");
const cli = (...[command = "", ...args]: string[]): Promise<CliEnd> => runCli([command, "--data", folder(), ...args]);

function openTerminal(...[command = "", ...args]: string[]): PseudoTerminal {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, TERM: "xterm-256color", PS1: "$ " };
  return new PseudoTerminal([cliProgram, command, "--data", folder(), ...args], env);
}

test("[U1] run shows each stream's bytes on its own, in this folder, and ends with the command's code", async () => {
  const here = realpathSync(process.cwd());
  const ends = await Promise.all([
    cli("run", "--", "sh", "-c", "pwd; printf 'e\\377' >&2; exit 7"),
    cli("run", "--name", "line", "-t", "a", "echo $((6 * 7)) | tr 4 5"),
    cli("run", "sh", "-c", "kill -TERM $$"),
    cli("run", "/no/such/program"),
    cli("run", "--cwd", "/", "pwd"),
    cli("run", "seq", "200000"),
    cli("run", "--json", "--", "sh", "-c", "printf 'a\\377'; exit 2"),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([7, 0, 143, 1, 0, 0, 2]);
  const [streams, line, killed, missing, moved, long, json] = ends;
  expect([streams?.stdout, streams?.stderr]).toEqual([`${here}\n`, "e\ufffd"]);
  expect([line?.stdout, line?.stderr]).toEqual(["52\n", ""]);
  expect(killed?.stderr).toMatch(/^runner: p\d+ was ended by SIGTERM\.\n$/);
  expect(missing?.stderr).toMatch(/^runner: p\d+ did not run \(spawn_failed\): .*\.\n$/);
  expect(moved?.stdout).toBe("/\n");
  expect(long?.stdout === Array.from({ length: 200_000 }, (_, n) => `${n + 1}\n`).join("")).toBe(true);
  const events = (json?.stdout ?? "")
    .trim()
    .split("\n")
    .map((one) => JSON.parse(one) as object);
  expect(events).toMatchObject([
    { type: "state", state: "starting" },
    { type: "started" },
    { type: "output", stream: "stdout", data_base64: "Yf8=" },
    { type: "exited", returncode: 2 },
  ]);
  expect(await on.api.process("line")).toMatchObject({ tags: ["a"], cwd: here });
});

test("[U2] Ctrl-C leaves what runs running and says how to come back; another one stops it", async () => {
  const left = openTerminal("run", "--name", "left", "--", "sh", "-c", "echo begun; exec sleep 600");
  await left.shows("begun");
  left.type("\u0003");
  const said = await left.shows("Ctrl-C again within 3 s");
  expect(said).toContain(
    `left goes on. Follow it: runner logs -f left --data ${folder()}. Stop it: runner stop left --data`,
  );
  expect(await left.ended()).toBe(130);
  expect(await on.api.process("left")).toMatchObject({ state: "running" });
  // As the line says.
  const back = beginCli(["logs", "-f", "--data", folder(), "left"]);
  await waitUntil("it is shown", () => back.stdout().includes("begun"));
  const script = "trap 'echo bye; exit 5' INT; echo begun; while :; do sleep 0.1; done";
  const stopped = openTerminal("run", "--name", "stopped", "--", "sh", "-c", script);
  await stopped.shows("begun");
  await waitUntil("Ctrl-C counts again", () => {
    if (stopped.screen.includes("stopping stopped")) return true;
    stopped.type("\u0003");
    return null;
  });
  expect(await stopped.ended()).toBe(5);
  expect(stopped.screen).toMatch(/bye\r\n.*stopped exited with 5 \(stopped\)/s);
  expect((await cli("stop", "left")).code).toBe(0);
  expect((await back.ended()).code).toBe(0);
});

test("[U2] SIGTERM leaves it running, and says so, at once", async () => {
  const begun = beginCli(["run", "--data", folder(), "--name", "kept", "--", "sh", "-c", "echo up; exec sleep 600"]);
  await waitUntil("it runs", () => begun.stdout().includes("up"));
  begun.send("SIGTERM");
  const end = await begun.ended();
  expect([end.code, end.stderr]).toEqual([
    143,
    expect.stringContaining("kept goes on. Follow it: runner logs -f kept"),
  ]);
  expect(await on.api.process("kept")).toMatchObject({ state: "running" });
  await on.api.stop("kept");
});

test("[U3] run --tty is a terminal: keys, size and bytes are the program's, and its code comes out", async () => {
  const terminal = openTerminal("run", "--tty", "--name", "shell", "--", "sh", "-i");
  await terminal.shows("Ctrl-] leaves it running");
  terminal.type("stty size\r");
  await terminal.shows("40 120\r\n");
  // What a full-screen program prints: a line feed by itself, which moves down and not to the left.
  terminal.type("stty -opost; printf 'down\\nhere\\033[1m!\\033[m'; stty opost\r");
  await terminal.shows("down\nhere\u001b[1m!\u001b[m");
  terminal.resize(99, 31);
  await waitUntil("the size is the program's", async () => {
    const from = terminal.screen.length;
    terminal.type("stty size\r");
    const told = (): string | undefined => /(\d+ \d+)\r\n/.exec(terminal.screen.slice(from))?.[1];
    return (await waitUntil("a size is told", told)) === "31 99";
  });
  // Ctrl-C is a key: it ends what the shell runs, not the command line.
  terminal.type("sleep 600\r");
  await waitUntil("it sleeps", () => on.product.tree().some(({ command }) => command === "sleep 600"));
  terminal.type("\u0003");
  terminal.type("echo still' 'here\r");
  await terminal.shows("still here\r\n");
  terminal.type("printf '\\033[?1049h\\033[?25l'; exit 9\r");
  expect(await terminal.ended()).toBe(9);
  expect(terminal.screen.endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
});

test("[U3] attach shows the last that was printed, types, and leaves by its key without a trace", async () => {
  await on.api.startUntil("until=match&pattern=ready", {
    argv: ["sh", "-c", 'echo ready; stty -echo; while read -r line; do echo "got $line"; done; exit 3'],
    name: "typed",
    tty: true,
  });
  const terminal = openTerminal("attach", "typed");
  await terminal.shows("ready\r\n");
  terminal.type("one\r");
  await terminal.shows("got one\r\n");
  terminal.type("tw\u001d");
  await terminal.shows("typed goes on. Back to it: runner attach typed");
  expect(await terminal.ended()).toBe(0);
  const again = openTerminal("attach", "typed");
  await again.shows("got one\r\n");
  again.type("o\r");
  await again.shows("got two\r\n");
  again.type("\u0004");
  expect(await again.ended()).toBe(3);
  const ends = await Promise.all([cli("attach", "typed"), cli("run", "--tty", "--", "true")]);
  expect(ends.map(({ code }) => code)).toEqual([2, 2]);
  await on.api.start({ argv: ["cat"], name: "flat" });
  const flat = openTerminal("attach", "flat");
  expect(await flat.ended()).toBe(1);
  expect(flat.screen).toContain("has no terminal: `runner logs -f flat");
  await on.api.stop("flat");
});

test("[U1] E2: a dev server is started and followed from a terminal, which may be closed and come back", async () => {
  const cwd = path.join(on.product.data, "app");
  mkdirSync(cwd);
  const serve =
    "require('http').createServer((q, a) => { console.log('asked', q.url); a.end('hi'); })" +
    ".listen(0, '127.0.0.1', function () { console.log('serving ' + this.address().port); })";
  const terminal = openTerminal("run", "--name", "dev", "--cwd", cwd, "--", "node", "-e", serve);
  const port = /serving (\d+)/.exec(await terminal.shows("serving "))?.[1] ?? "";
  expect(await (await fetch(`http://127.0.0.1:${port}/one`)).text()).toBe("hi");
  await terminal.shows("asked /one");
  // The window is closed.
  terminal.hangUp();
  await terminal.ended();
  expect(await (await fetch(`http://127.0.0.1:${port}/two`)).text()).toBe("hi");
  const back = openTerminal("logs", "-f", "dev");
  await back.shows("asked /two");
  expect((await cli("wait", "dev", "--port", port)).stdout).toBe(`${port}\n`);
  expect((await cli("stop", "dev")).code).toBe(0);
  expect(await back.ended()).toBe(0);
});

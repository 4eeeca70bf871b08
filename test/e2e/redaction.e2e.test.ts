import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, realpathSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { EventStream } from "../support/event-stream.ts";
import { FrameRelay } from "../support/frame-relay.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { Product, root } from "../support/product.ts";

const core = randomBytes(15).toString("hex");
const canary = `s/${core}+=`;
const token = `ghp_${randomBytes(18).toString("hex")}`;
const marker = `plain-${randomBytes(8).toString("hex")}`;
/** Nothing of these may be seen. Of base 64 the inner part, which stands there whatever is around it. */
const traces = [
  core,
  token.slice(4),
  ...["", "a", "ab"].map((before) => Buffer.from(`${before}${canary}`).toString("base64").slice(8, -8)),
];

function tracesIn(text: string): string[] {
  return traces.filter((trace) => text.includes(trace));
}

/** All bytes of all files under `folder`; `leaveOut`: names of files and folders. */
function readAll(folder: string, leaveOut: readonly string[] = []): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !leaveOut.includes(entry.name))
    .map((entry) => {
      const at = path.join(folder, entry.name);
      if (entry.isDirectory()) return readAll(at, leaveOut);
      return entry.isFile() ? readFileSync(at, "latin1") : "";
    })
    .join("\n");
}

/** The policy file names a command that holds a token itself, with a word of the owner's and a pattern. */
function writePolicy(runner: LoneRunner, cwd: string): void {
  const folder = path.join(runner.data, "config/longwire");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const command = `echo ${token} owners-own-word corp-abc123; exec node ${path.join(root, "test/fixtures/tells-its-secrets.mjs")}`;
  const commands = { tells: { cwd, command, ready: { pattern: "^told" } }, fails: { cwd, argv: [`/no/${token}`] } };
  const redact = { values: ["owners-own-word"], patterns: ["corp-[a-z0-9]{6}"] };
  const file = { version: 1, mode: "named", commands, redact };
  writeFileSync(path.join(folder, "policy.json"), JSON.stringify(file), { mode: 0o600 });
}

test("[T50] [T51] [T54] secrets of the machine are nowhere outside it: not on the wire, in answers, in the log, nor in any record of it", async () => {
  const cwd = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-test-")));
  const environment = { CANARY_TOKEN: canary, PLAIN_MARKER: marker };
  const product = await Product.start({ env: environment });
  const relay = await FrameRelay.open(product.ready.url);
  let runner: LoneRunner | null = null;
  try {
    runner = await LoneRunner.start({ server: relay.url, hostData: product.data, environment });
    writePolicy(runner, cwd);
    const server = { url: product.ready.url, token: runner.token };
    const api = new Api(server);
    const seen: unknown[] = [];
    // An output is no JSON.
    const get = async (at: string): Promise<void> => {
      const headers = { Authorization: `Bearer ${server.token}` };
      const answer = await fetch(`${server.url}/v1/machines/-${at}`, { headers });
      seen.push([answer.status, [...answer.headers], await answer.text()]);
    };
    const stream = await EventStream.open(server, "?after=0");
    const socket = await EventSocket.open(server, "?after=0");

    for (const request of [{ use: "tells", name: "piped" }, { use: "fails" }]) seen.push(await api.start(request));
    seen.push(
      await api.start({ command: "node test/fixtures/tells-its-secrets.mjs", cwd: root, tty: true, name: "tty" }),
    );
    for (const name of ["piped", "tty"]) {
      await get(`/processes/${name}/wait?until=match&pattern=^told&wait_ms=30000`);
      await get(`/processes/${name}/wait?until=match&pattern=${core}&after=1.0&wait_ms=200`);
      seen.push(
        await api.call("POST", `/processes/${name}/input?until=exit&wait_ms=30000`, { text: "go", enter: true }),
      );
    }
    for (const of of ["piped", "tty", "fails"]) {
      await get(`/processes/${of}/wait?until=exit&wait_ms=20000`);
      for (const at of [
        "",
        "/runs",
        "/output?tail=100",
        "/output?tail=100&format=raw",
        "/output?tail=100&format=json",
      ]) {
        await get(`/processes/${of}${at}`);
      }
    }
    for (const at of ["", "/processes?state=all", "/events?after=0", "/approvals", "/audit"]) await get(at);
    // The product's own runner has the same in its environment, and its log is the host's.
    const own = new Api(product.ready);
    const told = await own.startUntil("until=exit&wait_ms=30000", {
      command: "echo $CANARY_TOKEN $PLAIN_MARKER; exec /no/such",
    });
    seen.push(told, await own.events());
    const { head } = (await api.machine()) as { head: number };
    await waitUntil("the viewers have it all", () => {
      return [stream.events, socket.events].every((events) => events.some(({ seq }) => seq === head));
    });
    await stream.close();
    socket.close();
    const { data } = runner;
    await waitUntil("what ended is drained", () => readdirSync(path.join(data, "runs")).length === 0);

    const places: Readonly<Record<string, string>> = {
      "the wire": relay
        .sentBy("runner")
        .map((frame) => frame.toString("latin1"))
        .join("\n"),
      "what the control plane says to the runner": relay
        .sentBy("object")
        .map((frame) => frame.toString("latin1"))
        .join("\n"),
      answers: JSON.stringify(seen),
      "server-sent events": JSON.stringify(stream.events),
      "a socket": JSON.stringify(socket.events),
      "the control plane's files": readAll(product.data, ["runner"]),
      "the host's log": `${product.stdout.join("\n")}${product.stderr}`,
      "the runner's log": runner.log,
      "the runner's files": readAll(data, ["config", "starts"]),
    };
    for (const [place, text] of Object.entries(places)) expect([place, tracesIn(text)]).toEqual([place, []]);
    // That it would be found: what is no secret came everywhere.
    for (const place of ["the wire", "answers", "server-sent events", "a socket", "the control plane's files"]) {
      expect([place, places[place]?.includes(marker)]).toEqual([place, true]);
    }
    expect(places["answers"]).toContain("echo [redacted] [redacted] [redacted]; exec node");
    expect(places["answers"]).toContain("/no/[redacted]");
    for (const word of ["owners-own-word", "corp-abc123"])
      expect(places["the control plane's files"]).not.toContain(word);
  } finally {
    await runner?.close();
    await relay.close();
    await product.close();
    rmSync(cwd, { recursive: true, force: true });
  }
});

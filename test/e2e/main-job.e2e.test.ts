import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { Event } from "@longwire/shared/api/views.ts";
import { outputOf } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { survivorsOf, treeOf } from "../support/process-tree.ts";
import { root } from "../support/product.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

const fixtures = path.join(root, "test/fixtures");

const isListening = (url: string): Promise<boolean> =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  );

test("[E6] start prints one JSON line when it is ready, and nothing else on stdout", () => {
  expect(on.product.stdout).toHaveLength(1);
  expect(Object.keys(on.product.ready)).toEqual([
    "url",
    "dashboard_url",
    "mcp_url",
    "machine_id",
    "token",
    "token_file",
    "pid",
  ]);
});

test("[R1] three real programs at once: one socket sees all of them, and events after N are the same", async () => {
  const viewer = await EventSocket.open(on.product.ready, "?after=0");
  const vite = path.join(root, "test/node_modules/.bin/vite");
  const [app, suite, files] = await Promise.all([
    on.api.start({
      argv: [vite, "--port", "0", "--host", "127.0.0.1"],
      cwd: path.join(fixtures, "vite-app"),
      name: "app",
      tags: ["web"],
    }),
    on.api.start({ command: "node --test --watch", cwd: path.join(fixtures, "watch-suite"), name: "suite" }),
    on.api.start({
      command: "python3 -u -m http.server 0 --bind 127.0.0.1",
      cwd: fixtures,
      name: "files",
      tags: ["web"],
    }),
  ]);
  expect([app, suite, files].map(({ state }) => state)).toEqual(["running", "running", "running"]);

  const said = (id: string, pattern: RegExp): Promise<RegExpExecArray> =>
    waitUntil(`${id} prints ${pattern.source}`, () => pattern.exec(outputOf(viewer.events, id).toString()));
  await said(suite.process_id, /pass 1/);
  const filesUrl = (await said(files.process_id, /\((http:[^)]*)\)/))[1] ?? "";
  const appUrl = await waitUntil(
    "Vite prints its address",
    () =>
      /http:\/\/127\.0\.0\.1:[0-9]+\//.exec(
        stripVTControlCharacters(outputOf(viewer.events, app.process_id).toString()),
      )?.[0],
  );
  expect(await isListening(appUrl)).toBe(true);
  expect(await isListening(filesUrl)).toBe(true);

  const viteTree = treeOf((await on.api.process("app")).pid ?? 0);
  expect(viteTree.length).toBeGreaterThan(0);
  const stopped = await on.api.stop("app");
  expect(stopped).toMatchObject({ stopped: true, survivors: [], process: { state: "exited", reason: "stopped" } });
  expect(survivorsOf(viteTree)).toEqual([]);
  expect(await isListening(appUrl)).toBe(false);

  const many = await on.api.call<{ items: { stopped: boolean }[] }>("POST", "/processes/stop", {
    contains: "http.server",
  });
  expect(many.body.items).toEqual([expect.objectContaining({ stopped: true, survivors: [] })]);
  expect(await isListening(filesUrl)).toBe(false);
  await on.api.call("POST", `/processes/${suite.process_id}/signal`, { signal: "SIGKILL" });
  await viewer.find("the suite ends", (event) => event.type === "exited" && event.process_id === suite.process_id);

  const exits = viewer.events.filter((event) => event.type === "exited");
  const byName = Object.fromEntries(exits.map((event) => [event.name, event]));
  expect(byName["suite"]).toMatchObject({ stream: "exit", signal: "SIGKILL", returncode: null, reason: "signal" });
  expect(byName["files"]).toMatchObject({ stream: "exit", reason: "stopped" });

  const { head } = await on.api.machine();
  await viewer.find("the socket has all", (event) => event.seq >= head);
  expect(viewer.events.map(({ seq }) => seq)).toEqual(viewer.events.map((_, index) => index + 1));
  for (const after of [0, 7, head - 1]) expect(await on.api.events(after)).toEqual(viewer.events.slice(after, head));
  const interleaved = new Set(viewer.events.slice(0, 20).map(({ process_id: id }) => id));
  expect(interleaved.size).toBeGreaterThan(1);
  const output = viewer.events.find((event) => event.type === "output");
  for (const field of [
    "seq",
    "process_id",
    "command",
    "stream",
    "offset",
    "data",
    "timestamp",
  ] satisfies (keyof Event)[]) {
    expect(output).toHaveProperty(field);
  }
  viewer.close();
});

test("[P2] a program that does not exist fails with the reason; a shell command that does not exist exits with 127", async () => {
  const missing = await on.api.start({ argv: ["no-such-program-here"] });
  expect(missing).toMatchObject({ state: "failed", reason: "spawn_failed", pid: null });
  expect(missing.detail).toContain("no-such-program-here");
  const shell = await on.api.start({ command: "no-such-command-here" });
  const ended = await waitUntil("the shell ended", async () => {
    const process = await on.api.process(shell.process_id);
    return process.state === "exited" && process;
  });
  expect(ended).toMatchObject({ returncode: 127, signal: null, reason: "exit" });
});

test("[T6] a working folder that does not exist is refused by the machine, with the field's name", async () => {
  const { status, body } = await on.api.call("POST", "/processes", { command: "ls", cwd: "/no/such/folder" });
  expect(status).toBe(422);
  expect(body).toMatchObject({
    code: "invalid_request",
    errors: [{ path: "cwd", message: expect.stringContaining("/no/such/folder") as string }],
  });
});

test("[P3] a name belongs to one live process; after its end the same name begins the next run", async () => {
  const first = await on.api.start({ command: "sleep 60", name: "sleeper" });
  const { status, body } = await on.api.call("POST", "/processes", { command: "sleep 60", name: "sleeper" });
  expect([status, body.code]).toEqual([409, "name_taken"]);
  await on.api.stop("sleeper");
  const again = await on.api.start({ command: "echo again", name: "sleeper" });
  expect(again).toMatchObject({ process_id: first.process_id, run: 2 });
  await waitUntil("the second run ends", async () => (await on.api.process("sleeper")).state === "exited");
});

test("[C2] repeats under one key start one process", async () => {
  const key = { "Idempotency-Key": "start-once" };
  const request = { command: "sleep 60", name: "once" };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => on.api.call<{ process_id: string }>("POST", "/processes", request, key)),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  expect(new Set(answers.map(({ body }) => body.process_id)).size).toBe(1);
  await on.api.stop("once");
});

test("[P4] a child gets neither the runner's secrets nor what package managers put in the way", async () => {
  const { process_id: id } = await on.api.start({ argv: ["env"], env: { GIVEN: "yes" } });
  await waitUntil("env ends", async () => (await on.api.process(id)).state === "exited");
  const names = outputOf(await on.api.events(), id).toString();
  expect(names).toMatch(/^GIVEN=yes$/m);
  expect(names).not.toMatch(/LONGWIRE_|lw_|^npm_|^PATH=[^:]*node_modules/m);
});

// What a bridge to command-line sessions is used for, by the rows of docs/founding.md.

import { realpathSync } from "node:fs";
import { expect, test } from "vitest";
import type { Process } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { outputOf } from "../../support/api.ts";
import { EventStream } from "../../support/event-stream.ts";
import { survivorsOf, treeOf } from "../../support/process-tree.ts";
import { useProduct } from "../../support/use-product.ts";
import { ViewerSocket } from "../../support/viewer-socket.ts";

const on = useProduct();
const shell = { command: "sh -i", tty: true, env: { PS1: "ready " } };
const prompt = "until=match&pattern=^ready%20$";

test("[P1] [P37] D1: a session has its folder, environment and state, and says how long it has been silent", async () => {
  const cwd = realpathSync(on.product.data);
  const env = { ...shell.env, GIVEN: "given" };
  const session = await on.api.startUntil(prompt, { ...shell, name: "one", cwd, env });
  expect(session).toMatchObject({ name: "one", cwd, state: "running", tty: true });
  const where = await on.api.input("one", prompt, { text: 'echo "$PWD $GIVEN"', enter: true });
  expect(where.output).toContain(`\n${cwd} given\r\n`);
  await on.api.call("GET", "/processes/one/wait?until=idle&idle_ms=300");
  const { body } = await on.api.call<Process>("GET", "/processes/one?metrics=true");
  expect(body.metrics?.idle_ms).toBeGreaterThan(0);
  const ended = await on.api.input("one", "until=exit", { text: "exit 5", enter: true });
  expect(ended.process).toMatchObject({ state: "exited", returncode: 5, reason: "exit" });
  expect(await on.api.start({ argv: ["no-such-shell"] })).toMatchObject({ state: "failed", reason: "spawn_failed" });
});

test("[P20] [R5] [R12] D2: a line is sent, what came within its time is read, and a stream has all of it as well", async () => {
  const { process_id: id } = await on.api.startUntil("until=match&pattern=^up$", {
    ...{ command: "echo up; while read -r line; do echo got $line; sleep 0.2; echo did $line; done", name: "lines" },
  });
  const stream = await EventStream.open(on.product.ready, `?after=0&process=${id}`);
  for (const line of ["a", "b", "c"]) {
    const answer = await on.api.input("lines", `until=match&pattern=^did%20${line}$`, { text: line, enter: true });
    expect(answer.output).toBe(`got ${line}\ndid ${line}\n`);
  }
  const nothing = await on.api.call("GET", "/processes/lines/wait?until=output&wait_ms=200");
  expect(nothing.body).toMatchObject({ ended_by: "time_up", output: "" });
  await on.api.input("lines", "until=exit", { close: true });
  await waitUntil("the stream has the exit", () => stream.events.at(-1)?.type === "exited");
  const all = "up\n" + ["a", "b", "c"].map((line) => `got ${line}\ndid ${line}\n`).join("");
  expect(outputOf(stream.events, id).toString()).toBe(all);
  await stream.close();
});

test("[R14] [R18] [P18] [P47] D3: over one socket a command is typed and interrupted, and all who watch see its echo and the state", async () => {
  const session = await on.api.startUntil(prompt, { ...shell, name: "shared" });
  const { head } = await on.api.machine();
  const watchers = await Promise.all([1, 2, 3].map(() => ViewerSocket.open(on.product.ready, 1024 * 1024)));
  for (const watcher of watchers) watcher.say({ type: "subscribe", id: 1, after: head, process: session.process_id });
  const [typist] = watchers;
  const type = (n: number, text: string): void =>
    typist?.say({ type: "input", n, process: "shared", input: { text, enter: true, close: false } });
  const isSeen = (text: string): boolean => typist !== undefined && seenBy(typist).includes(text);
  type(1, "echo star''ted; sleep 1000");
  await waitUntil("it runs", () => isSeen("\r\nstarted"));
  typist?.say({ type: "interrupt", n: 2, process: "shared" });
  await waitUntil("the prompt is back", () => isSeen("^C"));
  type(3, "exit");
  await waitUntil("each saw the end", () => watchers.every(({ events }) => events.at(-1)?.type === "exited"));
  for (const watcher of watchers) {
    expect(watcher.controls).toContainEqual(expect.objectContaining({ type: "status", online: true }));
    expect(seenBy(watcher)).toMatch(/^echo star''ted; sleep 1000\r\nstarted\r\n\^C[^]*exit\r\n/);
    expect(watcher.events.map(({ seq }) => seq)).toEqual(watchers[0]?.events.map(({ seq }) => seq));
    watcher.close();
  }
  expect(typist?.controls.filter(({ type: kind }) => kind === "acted")).toEqual(
    [1, 2, 3].map((n) => ({ type: "acted", n })),
  );
});

const seenBy = ({ events }: ViewerSocket): string =>
  Buffer.concat(events.flatMap(({ payload }) => payload ?? [])).toString();

test("[P7] [P30] D4: a session is ended by TERM, its time and KILL, one that went stale by itself, each with all it started", async () => {
  const deaf =
    "trap '' TERM INT; echo up; (trap '' TERM INT; while :; do sleep 0.05; done) & wait; while :; do sleep 0.05; done";
  const stubborn = await on.api.startUntil("until=match&pattern=^up$", { command: deaf });
  const stale = await on.api.startUntil(prompt, { ...shell, limits: { idle_ms: 600 } });
  const trees = [stubborn, stale].flatMap(({ pid }) => treeOf(pid ?? 0));
  expect(await on.api.stop(stubborn.process_id, { signal: "SIGTERM", grace_ms: 300 })).toMatchObject({
    ...{ stopped: true, survivors: [], process: { signal: "SIGKILL", reason: "stopped" } },
  });
  expect(await on.api.ended(stale.process_id)).toMatchObject({ reason: "idle_timeout" });
  expect(survivorsOf(trees)).toEqual([]);
}, 90_000);

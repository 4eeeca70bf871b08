// Whatever is asked wrongly is refused with a code and words that name what is wrong, and changes nothing: nothing is
// started, and what runs beside it goes on.

import { existsSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { outputOf } from "../support/api.ts";
import { PolicyFile } from "../support/policy-file.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

const policy = new PolicyFile();
const on = useProduct({ args: ["--allow-all", "--policy", policy.path] });

/** Would be there if anything that is refused had run. */
const trace = path.join(policy.folder, "trace");
const command = `touch '${trace}'`;

beforeAll(async () => {
  const lines = path.join(root, "test/fixtures/numbered-lines.mjs");
  await on.api.start({ argv: ["node", lines, "100000", "20"], name: "neighbour" });
  await on.api.start({ command: "sleep 1000", name: "flat" });
  await on.api.start({ command: "sleep 1000", name: "deaf" });
  await on.api.call("POST", "/processes/deaf/input", { close: true });
  await on.api.call("POST", "/processes?until=exit", { command: "true", name: "over" });
});

/** What the neighbour printed: every line from the first on, in order; how many. */
async function countNeighbourLines(): Promise<number> {
  const { process_id: id } = await on.api.process("neighbour");
  const lines = outputOf(await on.api.events(0, `&process=${id}`), id)
    .toString()
    .split("\n")
    .slice(0, -1);
  expect(lines).toEqual(lines.map((_, at) => `line ${at + 1}`));
  return lines.length;
}

interface Refusal {
  readonly title: string;
  /** The path below `/processes`; a start unless it is given. */
  readonly to?: string;
  readonly body?: object;
  readonly is: readonly [status: number, code: string];
  /** Found in the words. */
  readonly says: RegExp;
  /** The fields named in `errors`. */
  readonly fields?: readonly string[];
}

const refusals: readonly Refusal[] = [
  {
    title: "an unknown signal",
    ...{ to: "/flat/signal", body: { signal: "SIGNOPE" } },
    ...{
      is: [422, "invalid_request"],
      says: /signal: "SIGNOPE" is no signal; use one of .*SIGTERM/,
      fields: ["signal"],
    },
  },
  {
    title: "an unknown signal for a stop",
    ...{ to: "/flat/stop", body: { signal: "INT" } },
    ...{ is: [422, "invalid_request"], says: /"INT" is no signal/, fields: ["signal"] },
  },
  {
    title: "a size for a process without a terminal",
    ...{ to: "/flat/resize", body: { cols: 80, rows: 24 } },
    ...{ is: [422, "invalid_request"], says: /p\d+ has no terminal, so it has no size.*`tty`/ },
  },
  {
    title: "keys for a process without a terminal",
    ...{ to: "/flat/input", body: { keys: ["Ctrl-C"] } },
    ...{ is: [422, "invalid_request"], says: /`keys` go to a terminal only/, fields: ["keys"] },
  },
  {
    title: "a key there is not",
    ...{ to: "/flat/input", body: { keys: ["Hyper-X"] } },
    ...{ is: [422, "invalid_request"], says: /is no key/, fields: ["keys.0"] },
  },
  {
    title: "an input that says nothing",
    ...{ to: "/flat/input", body: {} },
    ...{ is: [422, "invalid_request"], says: /say what to send/, fields: ["text"] },
  },
  {
    title: "an input where the input is closed",
    ...{ to: "/deaf/input", body: { text: "more" } },
    ...{ is: [422, "invalid_request"], says: /input of p\d+ is closed/ },
  },
  {
    title: "an input to a process that has ended",
    ...{ to: "/over/input", body: { text: "more" } },
    ...{ is: [409, "process_ended"], says: /p\d+ has ended/ },
  },
  {
    title: "a pause of a process that has ended",
    ...{ to: "/over/pause", body: {} },
    ...{ is: [409, "process_ended"], says: /p\d+ has ended/ },
  },
  {
    title: "anything asked of an unknown process",
    ...{ to: "/nobody/signal", body: { signal: "SIGTERM" } },
    ...{ is: [404, "not_found"], says: /nobody/ },
  },
  {
    title: "a restart of an unknown process",
    ...{ to: "/p4711/restart", body: {} },
    ...{ is: [404, "not_found"], says: /p4711/ },
  },
  {
    title: "a limit below zero",
    body: { command, limits: { run_ms: -1 } },
    ...{ is: [422, "invalid_request"], says: /limits\.run_ms: /, fields: ["limits.run_ms"] },
  },
  {
    title: "a name that is taken",
    body: { command, name: "flat" },
    ...{ is: [409, "name_taken"], says: /flat.*p\d+/ },
  },
  {
    title: "a command that is too long",
    body: { command: command.padEnd(100_000) },
    ...{ is: [422, "invalid_request"], says: /command: /, fields: ["command"] },
  },
  {
    title: "a command of 1 MiB",
    body: { command: command.padEnd(1024 * 1024) },
    ...{ is: [413, "payload_too_large"], says: /body is larger than 1048576 bytes/ },
  },
  {
    title: "an unknown field",
    body: { command, colour: "red" },
    ...{ is: [422, "invalid_request"], says: /unknown field colour/ },
  },
  {
    title: "`if_running` without a name",
    body: { command, if_running: "reuse" },
    ...{ is: [422, "invalid_request"], says: /if_running: needs a `name`/, fields: ["if_running"] },
  },
  {
    title: "a `ready` with two conditions",
    body: { command, ready: { port: 3000, command: "true" } },
    ...{ is: [422, "invalid_request"], says: /ready: give exactly one of/, fields: ["ready"] },
  },
  {
    title: "a command and an argv",
    body: { command, argv: ["true"] },
    ...{ is: [422, "invalid_request"], says: /give exactly one of `command`, `argv`/, fields: ["command"] },
  },
  {
    title: "a folder that is not there",
    body: { command, cwd: "/no/such/folder" },
    ...{ is: [422, "invalid_request"], says: /\/no\/such\/folder/, fields: ["cwd"] },
  },
  {
    title: "a pattern that is none",
    ...{ to: "?until=match&pattern=(", body: { command } },
    ...{ is: [422, "invalid_request"], says: /pattern/, fields: ["pattern"] },
  },
];

test.for(refusals)("[T5] $title is refused in clear words, and nothing is started", async (refusal) => {
  const { counts } = await on.api.machine();
  const { status, body } = await on.api.call("POST", `/processes${refusal.to ?? ""}`, refusal.body);
  expect([status, body.code]).toEqual(refusal.is);
  expect(`${body.detail} ${body.hint}`).toMatch(refusal.says);
  if (refusal.fields !== undefined) expect(body.errors?.map(({ path: field }) => field)).toEqual(refusal.fields);
  expect((await on.api.machine()).counts).toEqual(counts);
});

test("[P44] a circle in the owner's file refuses every start and names the circle, until it is mended", async () => {
  const { counts } = await on.api.machine();
  const needing = (name: string): object => ({ root: "here", argv: ["true"], needs: { [name]: "started" } });
  const roots = { here: root };
  policy.write({ roots, commands: { web: needing("api"), api: needing("web") } });
  const { status, body } = await on.api.call("POST", "/processes", { use: "web" });
  expect([status, body.code]).toEqual([403, "denied_by_machine"]);
  expect(body.detail).toContain("need each other in a circle: web → api → web");
  expect((await on.api.machine()).counts).toEqual(counts);
  policy.write({});
  expect((await on.api.call("POST", "/processes?until=exit", { command: "true" })).status).toBe(201);
});

test("[T5] after all of it nothing that was refused has run, and the neighbour goes on without a hole", async () => {
  expect(existsSync(trace)).toBe(false);
  const lines = await countNeighbourLines();
  await waitUntil("it goes on", async () => (await countNeighbourLines()) > lines);
  for (const name of ["neighbour", "flat", "deaf"]) expect((await on.api.process(name)).state).toBe("running");
});

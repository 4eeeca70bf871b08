import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import { Api, outputOf } from "../support/api.ts";
import { Product } from "../support/product.ts";

const base = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-test-")));
const root = path.join(base, "web");
const file = path.join(base, "config/longwire/policy.json");
const show = `const { PORT, CI, AWS_KEY, PARAM_WORD } = process.env;
console.log(JSON.stringify({ argv: process.argv.slice(2), cwd: process.cwd(), PORT, CI, AWS_KEY, PARAM_WORD }));`;

const policy = {
  version: 1,
  mode: "named",
  roots: { web: root },
  env: { allow: ["CI"], remove: ["AWS_*"] },
  commands: {
    show: {
      root: "web",
      argv: [process.execPath, "show.mjs", "--depth={depth}", "{file}"],
      params: { file: { type: "path" }, depth: { type: "integer", min: 0, max: 9, default: 1 } },
      tags: ["shown"],
      env: { PORT: "5173" },
    },
    shell: { root: "web", command: 'printf "%s" "$PARAM_WORD"', params: { word: { type: "string", required: true } } },
    stays: { root: "web", argv: ["sleep", "1000"] },
  },
};

function write(value: unknown): void {
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value), { mode: 0o600 });
}

let product: Product;
let api: Api;
beforeAll(async () => {
  mkdirSync(path.join(root, "src"), { recursive: true });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(path.join(root, "show.mjs"), show);
  write(policy);
  product = await Product.start({ args: [], env: { XDG_CONFIG_HOME: path.join(base, "config"), AWS_KEY: "secret" } });
  api = new Api(product.ready);
});
afterAll(async () => {
  await product?.close();
  rmSync(base, { recursive: true, force: true });
});

/** What a start by `use` printed, once it ended. */
async function run(request: object): Promise<{ readonly process: Process; readonly output: string }> {
  const { process_id: id } = await api.start(request);
  const process = await waitUntil(`the end of ${id}`, async () => {
    const now = await api.process(id);
    return now.state === "exited" ? now : null;
  });
  const events = await api.events(0, `&process=${id}`);
  const output = outputOf(
    events.filter((event) => event.run === process.run),
    id,
  );
  return { process, output: output.toString() };
}

async function refusal(request: object): Promise<unknown> {
  const { status, body } = await api.call("POST", "/processes", request);
  return { ...body, status };
}

test("[P41] a start by `use` runs the owner's command with the caller's values, in mode named", async () => {
  const { process, output } = await run({
    use: "show",
    params: { file: "src/../src/new file" },
    env: { CI: "1" },
    tags: ["x"],
  });
  expect(process).toMatchObject({ name: "show", use: "show", cwd: root, tags: ["shown", "x"], returncode: 0 });
  expect(process.argv?.slice(1)).toEqual(["show.mjs", "--depth=1", "src/new file"]);
  expect(JSON.parse(output)).toEqual({ argv: ["--depth=1", "src/new file"], cwd: root, PORT: "5173", CI: "1" });
});

test("[T13] a value stays a value in a shell command", async () => {
  const word = `$(touch ${root}/touched)'"; touch touched`;
  expect((await run({ use: "shell", params: { word } })).output).toBe(word);
  expect((await run({ use: "show", params: {} })).output).not.toContain("touched");
});

test("[T12] what is not named, or not the caller's to say, is refused in clear words", async () => {
  expect(await refusal({ command: "id" })).toMatchObject({
    ...{ status: 403, code: "denied_by_machine" },
    hint: expect.stringContaining("show, shell, stays") as string,
  });
  expect(await refusal({ use: "shell" })).toMatchObject({
    ...{ status: 422, code: "invalid_request" },
    errors: [{ path: "params.word", message: "is required" }],
  });
  expect(await refusal({ use: "show", params: { file: "../.." } })).toMatchObject({ status: 422 });
  expect(await refusal({ use: "show", cwd: "/" })).toMatchObject({ errors: [{ path: "cwd" }] });
  expect(await refusal({ use: "show", env: { NODE_OPTIONS: "-r x" } })).toMatchObject({
    ...{ status: 403, errors: [{ path: "env.NODE_OPTIONS" }] },
  });
  expect(await refusal({ use: "none" })).toMatchObject({ status: 403, hint: "It names show, shell, stays." });
});

test("[P41] a named command's process has its name, and is reused or begun again by it", async () => {
  const first = await api.start({ use: "stays" });
  expect(await refusal({ use: "stays" })).toMatchObject({ status: 409, code: "name_taken" });
  expect(await api.call("POST", "/processes", { use: "stays", if_running: "reuse" })).toMatchObject({
    body: { process_id: first.process_id, run: 1 },
  });
  await api.stop("stays");
  expect(await api.call("POST", "/processes/stays/restart", {})).toMatchObject({ body: { run: 2, use: "stays" } });
  await api.stop("stays");
});

test("[P45] a machine's view names the commands with their parameters, and follows the file", async () => {
  const { policy_mode, commands } = await api.machine();
  expect(policy_mode).toBe("named");
  expect(commands).toContainEqual({
    ...{ name: "show", tags: ["shown"] },
    params: {
      file: { type: "path", required: false },
      depth: { type: "integer", required: false, default: 1, min: 0, max: 9 },
    },
  });
  write({ ...policy, mode: "ask", commands: { only: { root: "web", argv: ["true"] } } });
  await waitUntil(
    "the machine says so",
    async () => (await api.machine()).commands.map(({ name }) => name).join() === "only",
  );
  expect((await api.machine()).policy_mode).toBe("ask");
  expect((await run({ use: "only" })).process.returncode).toBe(0);
  expect(await refusal({ command: "id" })).toMatchObject({ status: 201, state: "pending", waiting_for: "approval" });
});

test("[P43] a command waits for what it needs, which is started for it", async () => {
  const server = `require("node:http").createServer((_, answer) => answer.end()).listen(0, "127.0.0.1", function () {
    require("node:fs").writeFileSync("port", String(this.address().port)); })`;
  const commands = {
    server: {
      ...{ root: "web", argv: [process.execPath, "-e", server] },
      ready: { command: 'test -s port && curl -sf "http://127.0.0.1:$(cat port)"' },
    },
    client: {
      root: "web",
      command: 'curl -s -o /dev/null -w "%{http_code}" "http://127.0.0.1:$(cat port)"',
      needs: { server: "ready" },
    },
  };
  write({ ...policy, commands });
  expect(await api.start({ use: "client" })).toMatchObject({ state: "pending", waiting_for: "needs" });
  const client = await waitUntil("the client ended", async () => {
    const now = await api.process("client");
    return now.state === "exited" ? now : null;
  });
  expect(client).toMatchObject({ returncode: 0, use: "client" });
  expect(await api.process("server")).toMatchObject({ state: "running", ready: true, use: "server" });
  await api.stop("server");
  write({ ...policy, commands: { ...commands, server: { ...commands.server, needs: { client: "started" } } } });
  expect(await refusal({ use: "client" })).toMatchObject({
    ...{ status: 403, detail: expect.stringContaining("in a circle: server → client → server") as string },
  });
  write(policy);
});

test("[T14] a run that is begun again is judged by the file as it is then", async () => {
  write({ ...policy, mode: "open" });
  await api.start({ use: "stays" });
  await api.stop("stays");
  write({ ...policy, mode: "open", commands: {} });
  expect(await api.call("POST", "/processes/stays/restart", {})).toMatchObject({
    ...{ status: 403, body: { code: "denied_by_machine" } },
  });
  expect((await api.start({ command: "true" })).process_id).toBeDefined();
});

test("[T10] a file that becomes broken refuses everything with the place of the fault, until it is mended", async () => {
  write('{ "version": 1,\n  "mode": "open",\n  "colour": 1 }');
  expect(await refusal({ command: "id" })).toMatchObject({
    ...{ status: 403, code: "denied_by_machine" },
    detail: expect.stringContaining("policy.json:3: colour: is no known key") as string,
  });
  write(policy);
  chmodSync(file, 0o644);
  expect(await refusal({ use: "show" })).toMatchObject({ detail: expect.stringContaining("chmod 600") as string });
  chmodSync(file, 0o600);
  expect((await run({ use: "show" })).process.returncode).toBe(0);
});

test("[T11] a start of the runner with a file it must not trust stops and says why", async () => {
  const open = path.join(base, "open.json");
  writeFileSync(open, '{ "version": 1 }');
  chmodSync(open, 0o644);
  await expect(Product.start({ args: ["--policy", open] })).rejects.toThrow(`chmod 600 ${open}`);
  await expect(Product.start({ args: ["--policy", path.join(base, "none.json")] })).rejects.toThrow("is not there");
});

import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { ApprovalsAnswer, Process, WaitAnswer } from "@longwire/shared/api/views.ts";
import { Api } from "../support/api.ts";
import { PolicyFile } from "../support/policy-file.ts";
import { Product } from "../support/product.ts";
import { beginCli, runCli } from "../support/runner-cli.ts";

const policy = new PolicyFile({});
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-test-")));
let product: Product;
let api: Api;
beforeAll(async () => {
  product = await Product.start({ args: ["--policy", policy.path, "--cwd", folder] });
  api = new Api(product.ready);
});
afterAll(async () => {
  await product?.close();
  rmSync(folder, { recursive: true, force: true });
});

const data = (): string => path.join(product.data, "runner");
const cli = (...args: string[]): ReturnType<typeof runCli> => runCli([...args, "--data", data()]);
const ran = (name: string): boolean => existsSync(path.join(folder, name));

interface Listed {
  readonly approval_id: string;
  readonly process_id: string;
  readonly shown: readonly (readonly [string, string])[];
}

/** Starts what needs an approval; the approval as the machine's own command line lists it. */
async function startAsked(request: object): Promise<Listed> {
  const process = await api.start(request);
  expect(process).toMatchObject({ state: "pending", waiting_for: "approval" });
  const { stdout } = await cli("approvals", "--json");
  const { items } = JSON.parse(stdout) as { items: Listed[] };
  const item = items.find(({ process_id: id }) => id === process.process_id);
  if (item === undefined) throw new Error(`${process.process_id} is not listed: ${stdout}`);
  return item;
}

test("[T46] [T40] what waits runs once its owner says so on the machine, and never where they deny it", async () => {
  const yes = await startAsked({ command: "touch yes", name: "yes" });
  const no = await startAsked({ argv: ["touch", "no"] });
  const listed = await cli("approvals");
  expect(listed.stdout).toContain(`${yes.process_id} asks to run: approval ${yes.approval_id}\n`);
  expect(listed.stdout).toContain(`  argv       "touch"\n             "no"\n`);
  expect(listed.stdout).toMatch(/asked by +the token "/);
  const waiting = api.call<WaitAnswer>("GET", `/processes/${no.process_id}/wait?until=exit&wait_ms=50000`);
  const approved = await cli("approve", yes.approval_id);
  expect(approved).toMatchObject({ code: 0, stderr: expect.stringContaining("Approved, this once.") as string });
  expect(await api.ended(yes.process_id)).toMatchObject({ returncode: 0 });
  expect((await cli("deny", no.approval_id)).code).toBe(0);
  expect((await waiting).body).toMatchObject({ ended_by: "denied", process: { state: "failed", reason: "denied" } });
  expect([ran("yes"), ran("no")]).toEqual([true, false]);

  const again = await cli("approve", no.approval_id);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("Nothing waits for an approval") as string });
  const events = await api.events(0, "&type=approval");
  expect(events.map(({ process_id: id, decision, by }) => [id, decision, by])).toEqual([
    [yes.process_id, "asked", undefined],
    [no.process_id, "asked", undefined],
    [yes.process_id, "once", "local"],
    [no.process_id, "denied", "local"],
  ]);
});

test("[U1] run says that it waits for the owner, and ends with 3 where they refuse", async () => {
  const asking = beginCli(["run", "--data", data(), "--name", "asking", "--", "touch", "refused"]);
  await waitUntil("it says so", () => asking.stderr().includes("asking waits for the machine's owner"));
  const { items } = JSON.parse((await cli("approvals", "--json")).stdout) as { items: Listed[] };
  expect((await cli("deny", items[0]?.approval_id ?? "")).code).toBe(0);
  const { code, stdout, stderr } = await asking.ended();
  expect([code, stdout, ran("refused")]).toEqual([3, "", false]);
  expect(stderr).toMatch(/runner: asking did not run \(denied\)/);
});

test("[T44] what is allowed for good on the machine is in the owner's file and is not asked about again", async () => {
  const one = await startAsked({ argv: ["touch", "good"] });
  expect((await cli("approve", one.approval_id, "--always")).code).toBe(0);
  await api.ended(one.process_id);
  expect(JSON.parse(readFileSync(policy.path, "utf8"))).toMatchObject({
    always: [{ argv: ["touch", "good"], cwd: folder }],
  });
  expect(statSync(policy.path).mode & 0o777).toBe(0o600);
  expect(await api.startUntil("until=exit", { argv: ["touch", "good"] })).toMatchObject({ returncode: 0 });
  const { stdout } = await runCli(["policy", "check", "--policy", policy.path, "--cwd", folder, "--", "touch", "good"]);
  expect(stdout).toContain("allowed: the owner allowed exactly this for good");

  const input = await startAsked({ argv: ["touch", "good"], stdin: "x" });
  const refused = await cli("approve", input.approval_id, "--always");
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be allowed for good") as string });
  await api.stop(input.process_id);
  const remote = await api.call("POST", `/approvals/${input.approval_id}`, { decision: "always" });
  expect(remote.status).toBe(422);
});

test("[T47] over the API it is decided where the owner's file has `dashboard`, and not without", async () => {
  const one = await startAsked({ command: "touch remote", env: { SECRET: "hidden" } });
  const decide = (): ReturnType<Api["call"]> => api.call("POST", `/approvals/${one.approval_id}`, { decision: "once" });
  expect(await decide()).toMatchObject({ status: 403, body: { code: "denied_by_machine" } });
  policy.write({ approve: ["terminal", "dashboard"] });
  const { body } = await api.call<ApprovalsAnswer>("GET", "/approvals");
  expect(body.items).toMatchObject([{ approval_id: one.approval_id, command: "touch remote", env: ["SECRET"] }]);
  expect(JSON.stringify(body)).not.toContain("hidden");
  const decided = await waitUntil("the machine reads its owner's file", async () => {
    const answer = await decide();
    return answer.status === 200 ? answer : null;
  });
  expect(decided.body).toMatchObject({ process: { process_id: one.process_id } });
  await api.ended(one.process_id);
  expect(ran("remote")).toBe(true);
  policy.write({});
});

test("[T40] where the owner's file names no place to ask, a start is refused at once", async () => {
  policy.write({ approve: [] });
  const { status, body } = await api.call("POST", "/processes", { command: "touch nobody" });
  expect([status, body.code]).toEqual([403, "denied_by_machine"]);
  expect(body.detail).toContain("nobody to ask");
  policy.write({});
});

test("[T41] what waits is asked about anew after the runner was killed", async () => {
  const one = await startAsked({ command: "touch after" });
  process.kill(product.find(/cli\.js connect/).pid, "SIGKILL");
  const anew = await waitUntil("the next runner asks", async () => {
    const { code, stdout } = await cli("approvals", "--json");
    return code === 0 ? (JSON.parse(stdout) as { items: Listed[] }).items[0] : null;
  });
  expect(anew.process_id).toBe(one.process_id);
  expect(anew.approval_id).not.toBe(one.approval_id);
  expect((await cli("approve", one.approval_id)).code).toBe(1);
  expect((await cli("approve", anew.approval_id)).code).toBe(0);
  await api.ended(one.process_id);
  expect(ran("after")).toBe(true);
});

test("[T46] only the owner may open the socket, and what it does not understand it refuses", async () => {
  const socket = path.join(data(), "owner.sock");
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(data()).mode & 0o777).toBe(0o700);
  const one = await startAsked({ command: "touch socket" });
  const odd = [
    "",
    "approve",
    "[]",
    '{"type":"decide"}',
    `{"type":"decide","approval":"${one.approval_id}","decision":"once","for":"ever"}`,
    `{"type":"decide","approval":"${one.approval_id}","decision":"Once"}`,
    `{"type":"list","pad":"${"x".repeat(10_000)}"}`,
    "x".repeat(100_000),
  ];
  for (const line of odd) {
    expect([line.slice(0, 40), await say(socket, line)]).toEqual([line.slice(0, 40), "invalid_request"]);
  }
  expect(await api.process(one.process_id)).toMatchObject({ state: "pending" } satisfies Partial<Process>);
  await api.stop(one.process_id);
  const nobody = await runCli(["approvals", "--data", path.join(folder, "none")]);
  expect(nobody).toMatchObject({ code: 4, stderr: expect.stringContaining("no runner runs") as string });
});

/** The code of what the socket answers to one line. */
async function say(socket: string, line: string): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    const connection = createConnection(socket, () => connection.write(`${line}\n`));
    let all = "";
    connection.setEncoding("utf8");
    connection.on("data", (piece) => (all += String(piece)));
    connection.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EPIPE" || error.code === "ECONNRESET" ? resolve(all) : reject(error),
    );
    connection.on("close", () => resolve(all));
  });
  return (JSON.parse(text) as { code: string }).code;
}

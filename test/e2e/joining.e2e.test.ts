import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Machine, Process } from "@longwire/shared/api/views.ts";
import { JoiningRunner } from "../support/joining-runner.ts";
import { runCli } from "../support/runner-cli.ts";
import { useProduct } from "../support/use-product.ts";

const used = useProduct();
const data = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
afterAll(() => rmSync(data, { recursive: true, force: true }));

async function ask(method: string, address: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { url, token } = used.product.ready;
  const response = await fetch(url + address, { method, headers: { Authorization: `Bearer ${token}` } });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
}

const invite = async (...args: string[]): Promise<string> => {
  const made = await runCli(["invite", "--data", path.join(used.product.data, "runner"), ...args]);
  expect(made.code).toBe(0);
  return made.stdout.trim();
};

test("[T25] [T26] [T24] [U10] a second machine joins by a code, serves, and dials no more once it is removed", async () => {
  const { url } = used.product.ready;
  const join = await invite();
  const runner = new JoiningRunner(data, ["--server", url, "--join", join, "--name", "second"]);
  const line = await runner.ready();
  expect(line).toMatchObject({ server: url, token_file: null });
  const { body } = await ask("GET", "/v1/machines");
  expect((body as { items: Machine[] }).items.map(({ name, online }) => [name, online])).toContainEqual([
    "second",
    true,
  ]);

  // The command line is about the machine it is typed on, unless it is told of another.
  const started = [
    await runCli(["run", "--data", data, "--name", "here", "true"], { LONGWIRE_TOKEN: used.product.ready.token }),
    await runCli(["run", "--data", path.join(used.product.data, "runner"), "-m", "second", "--name", "there", "true"]),
    await runCli(["run", "--data", path.join(used.product.data, "runner"), "--name", "first", "true"]),
  ];
  expect(started.map(({ code, stderr }) => [code, stderr])).toEqual([0, 0, 0].map((code) => [code, ""]));
  const { body: ran } = await ask("GET", "/v1/machines/second/processes");
  expect((ran as { items: Process[] }).items.map(({ name }) => name)).toEqual(["there", "here"]);

  // The same command starts it again; the code is not asked about any more.
  await runner.end("SIGINT");
  runner.begin();
  expect(await runner.ready()).toEqual({ ...line, pid: runner.pid });

  expect((await ask("DELETE", "/v1/machines/second")).status).toBe(204);
  expect(await runner.ended()).toBe(3);
  expect(runner.stderr).toContain("runner invite");
  expect((await ask("GET", "/v1/machines/second")).status).toBe(404);
  runner.begin();
  expect(await runner.ended()).toBe(3);

  // Another code makes it a machine of the workspace again.
  const again = new JoiningRunner(data, ["--server", url, "--join", await invite(), "--name", "second"]);
  expect((await again.ready())["machine_id"]).not.toBe(line["machine_id"]);
  await again.end("SIGINT");
  expect((await ask("DELETE", "/v1/machines/second")).status).toBe(204);
});

test("[T25] [T27] a code that is wrong or a name that is taken is refused on the machine, with what to do", async () => {
  const { url, machine_id: id } = used.product.ready;
  const join = async (code: string, name: string): Promise<{ readonly code: number; readonly stderr: string }> => {
    const folder = path.join(data, `refused-${name}`);
    const args = ["connect", "--server", url, "--join", code, "--name", name, "--data", folder, "--allow-root"];
    return await runCli(args, { XDG_CONFIG_HOME: data });
  };
  expect(await join("lwj_wrong", "third")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("runner invite") as string,
  });
  const { body } = await ask("GET", `/v1/machines/${id}`);
  const taken = await join(await invite(), (body as Machine).name);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining("--name") as string });
});

test("[T25] [T3] a code for a token is redeemed for it, and no token or code lies in a database", async () => {
  const { url } = used.product.ready;
  const join = await invite("--token", "--name", "phone", "--scopes", "read");
  const redeem = async (): Promise<Response> =>
    await fetch(`${url}/v1/invites/redeem`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ join }),
    });
  const answers = await Promise.all(Array.from({ length: 50 }, redeem));
  expect(answers.map(({ status }) => status).filter((status) => status !== 410)).toEqual([201]);
  const made = (await answers.find(({ status }) => status === 201)?.json()) as { token: string };
  const machines = await fetch(`${url}/v1/machines`, { headers: { Authorization: `Bearer ${made.token}` } });
  expect(machines.status).toBe(200);
  const files = readdirSync(used.product.data, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.sqlite/.test(entry.name),
  );
  expect(files.length).toBeGreaterThan(2);
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(path.join(parentPath, name)).toString("latin1");
    expect([name, /lwj?_[0-9A-Za-z]/.exec(bytes)?.[0]]).toEqual([name, undefined]);
  }
});

test("[T26] the control plane goes on when its own machine is removed", async () => {
  const { machine_id: id } = used.product.ready;
  expect((await ask("DELETE", `/v1/machines/${id}`)).status).toBe(204);
  await waitUntil("its runner is not started again", () => used.product.stderr.includes("goes on without a runner"));
  expect(used.product.isRunning).toBe(true);
  expect(await ask("GET", "/v1/machines")).toMatchObject({ status: 200, body: { items: [] } });
});

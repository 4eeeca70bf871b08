import path from "node:path";
import { expect, test } from "vitest";
import type { NewToken, Token } from "@longwire/shared/api/tokens.ts";
import { runCli } from "../support/runner-cli.ts";
import { useProduct } from "../support/use-product.ts";

const used = useProduct();
const data = (): string => path.join(used.product.data, "runner");

async function statusOf(token: string, address = "/v1/machines"): Promise<number> {
  const response = await fetch(used.product.ready.url + address, { headers: { Authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

test("[T28] [T20] a token made on the command line works until it is revoked there", async () => {
  const made = await runCli([
    "token",
    "create",
    "--data",
    data(),
    "--name",
    "ci",
    "--scopes",
    "read",
    "--expires",
    "1h",
  ]);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lw_[0-9A-Za-z_]+\n$/) as string });
  const token = made.stdout.trim();
  expect(await statusOf(token)).toBe(200);
  expect(await statusOf(token, "/v1/tokens")).toBe(403);
  const listed = await runCli(["token", "list", "--data", data(), "--json"]);
  const { items } = JSON.parse(listed.stdout) as { items: Token[] };
  const id = items.find(({ name }) => name === "ci")?.id ?? "";
  expect((await runCli(["token", "list", "--data", data()])).stdout).toContain(`${id}  "ci"  read on all machines`);
  expect((await runCli(["token", "revoke", id, "--data", data()])).code).toBe(0);
  expect(await statusOf(token)).toBe(401);
});

test("[T28] a token from the environment goes to the address that is given", async () => {
  const { url, token } = used.product.ready;
  const environment = { LONGWIRE_TOKEN: token };
  const args = [
    "token",
    "create",
    "--server",
    url,
    "--data",
    "/nowhere",
    "--name",
    "here",
    "--scopes",
    "admin",
    "--json",
  ];
  const made = await runCli([...args, "--machine", used.product.ready.machine_id], environment);
  expect(JSON.parse(made.stdout) as NewToken).toMatchObject({ machines: [used.product.ready.machine_id] });
});

test("[T28] the exit code says why a command failed", async () => {
  const { url, token } = used.product.ready;
  const list = ["token", "list", "--data", data()];
  const reader = JSON.parse(
    (await runCli(["token", "create", "--data", data(), "--name", "r", "--scopes", "read", "--json"])).stdout,
  ) as NewToken;
  const ends = await Promise.all([
    runCli(["token", "rotate"]),
    runCli(["token", "revoke", "tok_nobody", "--data", data()]),
    runCli(["token", "list", "--data", "/nowhere"]),
    runCli(list, { LONGWIRE_TOKEN: reader.token }),
    runCli(list, { LONGWIRE_TOKEN: "lw_wrong" }),
    runCli([...list, "--server", "http://127.0.0.1:1"]),
    runCli([...list, "--server", "http://127.0.0.1:1"], { LONGWIRE_TOKEN: token }),
    runCli([...list, "--server", url]),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([2, 1, 2, 3, 3, 3, 4, 0]);
  for (const { stdout, stderr, code } of ends) {
    expect(stderr).not.toContain("    at ");
    expect(`${stdout}${stderr}`).not.toContain(token);
    if (code !== 0) expect(stderr).toMatch(/^runner: /);
  }
});

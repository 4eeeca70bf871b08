// `runner mcp` as clients start it.

import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { mcpClients, McpClient } from "../../support/mcp-client.ts";
import { cliProgram, runCli } from "../../support/runner-cli.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
const envOf = (token: string): Record<string, string> => ({ PATH: process.env["PATH"] ?? "", LONGWIRE_TOKEN: token });
const argsOf = (): string[] => [cliProgram, "mcp", "--server", on.product.ready.url];

test.for(mcpClients)("[M8] a client (%s) works over a pipe as it does over HTTP", async (kind) => {
  const server = { command: process.execPath, args: argsOf(), env: envOf(on.product.ready.token) };
  const client = await McpClient.connect(kind, server);
  try {
    expect(client.serverName).toBe("longwire");
    expect(await client.toolNames()).toHaveLength(8);
    const name = `piped${mcpClients.indexOf(kind)}`;
    const told: string[] = [];
    const started = await client.tool(
      "start_process",
      { command: "echo héllo; exit 3", name, until: "exit" },
      { onprogress: ({ message = "" }) => told.push(message) },
    );
    expect([started.output, started.text.split(" · ")[0]]).toEqual([
      "héllo\n",
      expect.stringMatching(/exited with code 3$/) as string,
    ]);
    expect(told[0]).toBe("start_process: 0 s");
    expect((await client.tool("read_output", { process: "nobody" })).isError).toBe(true);
  } finally {
    await client.close();
  }
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function pipe(input: string, token: string, args = argsOf()): Promise<Ended> {
  const child = spawn(process.execPath, args, { env: envOf(token), stdio: "pipe" });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

const ping = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} })}\n`;

test("[M8] it ends with its input, and says nothing but messages on its output", async () => {
  const { code, stdout, stderr } = await pipe(`${ping}nonsense\n`, on.product.ready.token);
  expect([code, stderr]).toEqual([0, ""]);
  const messages = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: number | null; error?: object });
  expect(new Set(messages.map(({ id }) => id))).toEqual(new Set([1, null]));
  expect(await pipe("", on.product.ready.token)).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("[M8] a token that is not good is told to the client, and none at all to whoever started it", async () => {
  const refused = await pipe(ping, "lw_garbage");
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
    0,
    { id: 1, error: { message: expect.stringContaining("unauthorized: ") as string } },
  ]);
  const without = await pipe(ping, "", [cliProgram, "mcp", "--data", "/nonexistent"]);
  expect([without.code, without.stdout]).toEqual([2, ""]);
  expect(without.stderr).toContain("no runner is enrolled");
});

test("[M9] what open prints for a client reaches the endpoint as it stands", async () => {
  const { url, token, mcp_url: mcpUrl } = on.product.ready;
  const env = { LONGWIRE_TOKEN: token };
  const { code, stdout } = await runCli(["open", "--mcp", "--json", "--server", url], env);
  const { clients } = JSON.parse(stdout) as { clients: { client: string; text: string }[] };
  const noteOf = (client: string): unknown =>
    JSON.parse(clients.find((note) => note.client === client)?.text ?? "null") as unknown;
  const cursor = noteOf("Cursor") as { mcpServers: { longwire: { url: string; headers: Record<string, string> } } };
  const { longwire } = cursor.mcpServers;
  expect([code, longwire.url]).toEqual([0, mcpUrl]);
  const answer = await fetch(longwire.url, {
    method: "POST",
    headers: { ...longwire.headers, "Content-Type": "application/json" },
    body: ping,
  });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("start_process") as string]);
  const program = noteOf("Clients that start a program") as {
    mcpServers: { longwire: { command: string; args: string[] } };
  };
  const { command, args } = program.mcpServers.longwire;
  expect([command, ...args]).toEqual([process.execPath, cliProgram, "mcp"]);
  const shown = await runCli(["open", "--mcp", "--server", url], env);
  expect(shown.stdout).toContain(`claude mcp add --transport http longwire ${mcpUrl}`);
});

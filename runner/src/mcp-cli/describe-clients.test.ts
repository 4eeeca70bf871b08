import { expect, test } from "vitest";
import { describeClients, sayClients } from "./describe-clients.ts";

const place = {
  url: "http://127.0.0.1:8787/mcp",
  token: "lw_abc",
  bridge: ["/bin/node", "/runner.js", "mcp"],
} as const;

test("[M9] every client is told the address and the token, or how the bridge is started", () => {
  const notes = describeClients(place);
  const names = ["Claude Code", "Codex", "Cursor", "VS Code", "Gemini CLI", "OpenAI API", "Anthropic API"];
  expect(notes.map(({ client }) => client)).toEqual([...names, "Clients that start a program"]);
  for (const { client, text } of notes) {
    if (client === "Clients that start a program") {
      expect(JSON.parse(text)).toEqual({
        mcpServers: { longwire: { command: "/bin/node", args: ["/runner.js", "mcp"] } },
      });
    } else expect([client, text]).toEqual([client, expect.stringMatching(/http:\/\/127\.0\.0\.1:8787\/mcp[^]*lw_abc/)]);
    if (text.startsWith("{")) expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(sayClients(place)).toContain(`# ${client} (`);
  }
});

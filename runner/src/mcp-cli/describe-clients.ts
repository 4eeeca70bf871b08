// What each client of MCP wants to be told, as it documents it, with address and token filled in.

export interface McpPlace {
  /** Of the endpoint. */
  readonly url: string;
  readonly token: string;
  /** How the bridge is started for clients that only speak over pipes. */
  readonly bridge: readonly [program: string, ...args: string[]];
}

export interface ClientNote {
  readonly client: string;
  /** Where it goes. */
  readonly where: string;
  readonly text: string;
}

const json = (value: object): string => JSON.stringify(value, null, 2);

export function describeClients({ url, token, bridge }: McpPlace): ClientNote[] {
  const headers = { Authorization: `Bearer ${token}` };
  const [command, ...args] = bridge;
  return [
    {
      ...{ client: "Claude Code", where: "in a shell" },
      text: `claude mcp add --transport http longwire ${url} --header "Authorization: Bearer ${token}"`,
    },
    {
      ...{ client: "Codex", where: "~/.codex/config.toml" },
      text: `[mcp_servers.longwire]\nurl = ${JSON.stringify(url)}\nhttp_headers = { "Authorization" = "Bearer ${token}" }`,
    },
    {
      ...{ client: "Cursor", where: "~/.cursor/mcp.json" },
      text: json({ mcpServers: { longwire: { url, headers } } }),
    },
    {
      ...{ client: "VS Code", where: ".vscode/mcp.json" },
      text: json({ servers: { longwire: { type: "http", url, headers } } }),
    },
    {
      ...{ client: "Gemini CLI", where: "~/.gemini/settings.json" },
      text: json({ mcpServers: { longwire: { httpUrl: url, headers } } }),
    },
    {
      ...{ client: "OpenAI API", where: "Responses, among `tools`; it must reach the address over https" },
      text: json({
        type: "mcp",
        server_label: "longwire",
        server_url: url,
        authorization: token,
        require_approval: "never",
      }),
    },
    {
      ...{
        client: "Anthropic API",
        where: "Messages, beta mcp-client-2025-11-20; it must reach the address over https",
      },
      text: json({
        mcp_servers: [{ type: "url", name: "longwire", url, authorization_token: token }],
        tools: [{ type: "mcp_toolset", mcp_server_name: "longwire" }],
      }),
    },
    {
      ...{ client: "Clients that start a program", where: "their list of servers" },
      text: json({ mcpServers: { longwire: { command, args } } }),
    },
  ];
}

/** All of them, to be read and copied from. */
export function sayClients(place: McpPlace): string {
  const notes = describeClients(place).map(({ client, where, text }) => `# ${client} (${where})\n\n${text}\n`);
  return `${notes.join("\n")}\n# The token allows what it allows here. One that does less: runner token create --name mcp --scopes read,run,input\n`;
}

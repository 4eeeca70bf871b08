// The protocol's own clients, of the first and of the second generation, as other programs have them built in.

import { importOutside } from "./outside.ts";

export const mcpClients = ["second, 2026-07-28", "second, 2025-11-25", "first"] as const;
export type McpClientKind = (typeof mcpClients)[number];

interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
  readonly structuredContent?: unknown;
}

interface CallOptions {
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly progress: number; readonly message?: string }) => void;
}

/** What both generations have in common of what is used here; the older one takes a schema in the middle. */
interface Client {
  connect(transport: unknown): Promise<void>;
  close(): Promise<void>;
  callTool(call: object, ...more: readonly unknown[]): Promise<ToolResult>;
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  getServerVersion(): { readonly name: string } | undefined;
}
type ClientClass = new (info: object, options?: object) => Client;
type TransportClass = new (to: unknown, options?: object) => unknown;

export interface McpAnswer {
  readonly text: string;
  /** What stands between the marks. */
  readonly output: string;
  readonly cursor: string;
  readonly isError: boolean;
  readonly data: unknown;
}

/** How to reach the server: over HTTP, or as a program to be started. */
export type McpServer =
  | { readonly url: string; readonly token: string }
  | { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };

const info = { name: "longwire-test", version: "1" };

export class McpClient {
  readonly #client: Client;
  readonly #isFirst: boolean;

  private constructor(client: Client, isFirst: boolean) {
    this.#client = client;
    this.#isFirst = isFirst;
  }

  static async connect(kind: McpClientKind, server: McpServer): Promise<McpClient> {
    const isFirst = kind === "first";
    const { Client, Http, Stdio } = isFirst ? await loadFirst() : await loadSecond();
    const mode = kind === "second, 2026-07-28" ? { pin: "2026-07-28" } : "legacy";
    const client = new Client(info, isFirst ? {} : { versionNegotiation: { mode } });
    const transport =
      "url" in server
        ? new Http(new URL(server.url), { requestInit: { headers: { Authorization: `Bearer ${server.token}` } } })
        : new Stdio({ ...server, stderr: "pipe" });
    await client.connect(transport);
    return new McpClient(client, isFirst);
  }

  get serverName(): string | undefined {
    return this.#client.getServerVersion()?.name;
  }

  async toolNames(): Promise<string[]> {
    return (await this.#client.listTools()).tools.map(({ name }) => name);
  }

  async tool(name: string, args: object = {}, options: Partial<CallOptions> = {}): Promise<McpAnswer> {
    const asked: CallOptions = { timeout: 60_000, ...options };
    const call = { name, arguments: args };
    const more = this.#isFirst ? [undefined, asked] : [asked];
    const { content, isError = false, structuredContent: data } = await this.#client.callTool(call, ...more);
    const text = content.map((part) => part.text ?? "").join("");
    const output = /<output>\n([^]*)<\/output>/.exec(text)?.[1] ?? "";
    return { text, output, cursor: / · cursor ([0-9.]+)/.exec(text)?.[1] ?? "", isError, data };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

interface Loaded {
  readonly Client: ClientClass;
  readonly Http: TransportClass;
  readonly Stdio: TransportClass;
}

async function loadSecond(): Promise<Loaded> {
  const name = "@modelcontextprotocol/client";
  const { Client, StreamableHTTPClientTransport } = (await importOutside(name)) as {
    Client: ClientClass;
    StreamableHTTPClientTransport: TransportClass;
  };
  const { StdioClientTransport } = (await importOutside(name, "/stdio")) as { StdioClientTransport: TransportClass };
  return { Client, Http: StreamableHTTPClientTransport, Stdio: StdioClientTransport };
}

async function loadFirst(): Promise<Loaded> {
  const name = "@modelcontextprotocol/sdk";
  const { Client } = (await importOutside(name, "/client/index.js")) as { Client: ClientClass };
  const http = (await importOutside(name, "/client/streamableHttp.js")) as {
    StreamableHTTPClientTransport: TransportClass;
  };
  const stdio = (await importOutside(name, "/client/stdio.js")) as { StdioClientTransport: TransportClass };
  return { Client, Http: http.StreamableHTTPClientTransport, Stdio: stdio.StdioClientTransport };
}

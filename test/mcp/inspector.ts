// The protocol's inspector, as a person runs it in a terminal.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { outsideProgram } from "../support/outside.ts";

export type InspectorEra = "modern" | "legacy";

export interface Inspected {
  readonly result: {
    readonly tools?: readonly { readonly name: string }[];
    readonly content?: readonly { readonly text: string }[];
    readonly isError?: boolean;
  };
}

export class Inspector {
  /** It keeps files in its user's home. */
  readonly #home = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  readonly #how: readonly string[];

  constructor({ mcp_url: url, token }: { readonly mcp_url: string; readonly token: string }, era: InspectorEra) {
    const header = `Authorization: Bearer ${token}`;
    this.#how = ["--cli", url, "--transport", "http", "--header", header, "--protocol-era", era, "--format", "json"];
  }

  /** Throws where it ends with another code than 0, as for a tool's error and a schema that some clients cannot take. */
  async run(...args: readonly string[]): Promise<Inspected["result"]> {
    const program = outsideProgram("@modelcontextprotocol/inspector", "mcp-inspector");
    const env = { ...process.env, HOME: this.#home };
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...this.#how, ...args], { env });
    return (JSON.parse(stdout) as Inspected).result;
  }

  /** The text of a tool's answer. */
  async tool(name: string, args: object = {}): Promise<string> {
    const call = ["--method", "tools/call", "--tool-name", name, "--tool-args-json", JSON.stringify(args)];
    const { content = [] } = await this.run(...call);
    return content.map(({ text }) => text).join("");
  }

  close(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

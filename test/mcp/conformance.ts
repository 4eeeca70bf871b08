// The protocol's conformance suite against a server: what a revision requires, but for what a baseline lists.

import { spawn } from "node:child_process";
import path from "node:path";
import { outsideProgram } from "../support/outside.ts";

export const revisions = ["2026-07-28", "2025-11-25"] as const;
export type Revision = (typeof revisions)[number];

export interface Verdict {
  /** 0: nothing failed but what the baseline lists, and all of that did. */
  readonly code: number | null;
  /** Passed and failed, and what was not expected. */
  readonly summary: string;
}

/** `url` must let the suite in without a token: it knows of none. */
export async function conform(url: string, revision: Revision, baseline: string): Promise<Verdict> {
  const file = path.join(import.meta.dirname, "baselines", `${baseline}-${revision}.yml`);
  const program = outsideProgram("@modelcontextprotocol/conformance", "conformance");
  const args = ["server", "--url", url, "--requirements", revision, "--expected-failures", file];
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const at = said.lastIndexOf("Total:");
  return { code, summary: at === -1 ? said : said.slice(at) };
}

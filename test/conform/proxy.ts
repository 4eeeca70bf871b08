// A proxy of another project in front of a product, on a port of its own: it sees what is asked and answered.

import { spawn, type ChildProcess } from "node:child_process";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { outsideProgram } from "../support/outside.ts";

export class Proxy {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #said: readonly string[];

  private constructor(url: string, child: ChildProcess, said: readonly string[]) {
    this.url = url;
    this.#child = child;
    this.#said = said;
  }

  /** Records what passes it in the file `har`, once it is closed. Answers pass it whole: no streams and no sockets. */
  static async recording(target: string, har: string): Promise<Proxy> {
    return await Proxy.#start(outsideProgram("@redocly/cli", "redocly"), [
      ...["proxy", "--target", target, "--host", "127.0.0.1", "--port", "0", "--har", har],
    ]);
  }

  /** Answers with a problem of its own where a request or an answer is not as the file `document` has it. */
  static async judging(target: string, document: string, { requests }: { readonly requests: boolean }): Promise<Proxy> {
    return await Proxy.#start(outsideProgram("@stoplight/prism-cli", "prism"), [
      ...["proxy", document, target, "--host", "127.0.0.1", "--port", "0", "--errors", "--cors", "false"],
      ...["--validate-request", String(requests)],
    ]);
  }

  static async #start(program: string, args: readonly string[]): Promise<Proxy> {
    const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    // Whoever ends without closing it takes it along.
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => said.push(text));
    try {
      const url = await waitUntil("the proxy listens", () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
        return /listening on (http:\/\/127\.0\.0\.1:[1-9]\d*)/i.exec(said.join(""))?.[1];
      });
      return new Proxy(url, child, said);
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`no proxy: ${said.join("")}`, { cause: error });
    }
  }

  /** All it wrote. */
  get said(): string {
    return this.#said.join("");
  }

  /** Ends it, and waits until it wrote what it has. Twice is fine. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGINT");
    await waitUntil("the proxy ended", () => this.#child.exitCode !== null || this.#child.signalCode !== null);
  }
}

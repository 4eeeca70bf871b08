/**
 * OpenSSH on loopback as a subject: a server of its own, one master connection, and for each job a session multiplexed
 * over it, as a user with `ControlMaster` has it. Ciphers are OpenSSH's default, compression is off.
 */
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";

import { type OpensshSetup, setUpOpenssh } from "./openssh-setup.ts";
import { createPipedRun } from "../piped-run.ts";
import { type Program, startProgram } from "../program.ts";
import type { Subject } from "../subject.ts";

/** Where `sshd` is, or null where OpenSSH's server is not installed. It must be called by its full path. */
export function findSshd(): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, "sshd")).find(isExecutable) ?? null;
}

/** OpenSSH, with the `sshd` at this path. */
export function createOpenssh(sshd: string): Subject {
  let folder: string | null = null;
  let setup: OpensshSetup | null = null;
  let server: Program | null = null;
  let master: Program | null = null;

  return {
    name: "openssh",
    async start() {
      folder = await mkdtemp(join(tmpdir(), "longwire-bench-ssh-"));
      setup = await setUpOpenssh(folder);
      server = startProgram([sshd, "-D", "-e", "-f", setup.serverConfig]);
      const whenUp = ["-o", "PermitLocalCommand=yes", "-o", "LocalCommand=echo up"];
      master = startProgram(["ssh", "-F", setup.clientConfig, "-M", "-N", ...whenUp, "bench"]);
      await master.readLine();
    },
    async begin(jobs) {
      const config = setup?.clientConfig;
      if (config === undefined) throw new Error("openssh is not started");
      return createPipedRun(jobs, (argv) => {
        // A session that found no master would dial for itself; `false` as its way there makes it fail instead.
        const args = ["-F", config, "-o", "ProxyCommand=false", "bench", argv.map(quoteForShell).join(" ")];
        return ["ssh", ...args];
      });
    },
    pids: () => [server, master].flatMap((program) => (program === null ? [] : [program.pid])),
    async stop() {
      // The connection's end is its sessions' end too.
      await master?.end();
      await server?.end();
      await setup?.undo();
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      setup = null;
    },
  };
}

/** One word for a POSIX shell, which is what the server hands the command to. */
function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

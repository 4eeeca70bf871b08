/**
 * Files for an OpenSSH server and client of our own in one folder: host key, user key, both configurations. Neither reads
 * nor changes the machine's. Starting the programs is left to the subject.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, rmdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A server as root refuses to start without this folder of its package; containers often lack it. */
const PRIVILEGE_SEPARATION_FOLDER = "/run/sshd";

/** What a server and its clients are started with. */
export interface OpensshSetup {
  readonly serverConfig: string;
  /** For `ssh -F`; its one host is called `bench`. */
  readonly clientConfig: string;
  /** Takes back what was made outside the folder. */
  undo(): Promise<void>;
}

/** Writes everything into `folder`. The server listens on a free port of loopback and admits the current user's new key. */
export async function setUpOpenssh(folder: string): Promise<OpensshSetup> {
  const port = await findFreePort();
  const path = (file: string): string => join(folder, file);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", path("host_key")]);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", path("user_key")]);
  await copyFile(path("user_key.pub"), path("authorized_keys"));
  await writeFile(
    path("sshd_config"),
    `ListenAddress 127.0.0.1:${port}
HostKey ${path("host_key")}
AuthorizedKeysFile ${path("authorized_keys")}
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
MaxSessions 100
`,
  );
  await writeFile(
    path("ssh_config"),
    `Host bench
  HostName 127.0.0.1
  Port ${port}
  User ${userInfo().username}
  IdentityFile ${path("user_key")}
  IdentitiesOnly yes
  BatchMode yes
  StrictHostKeyChecking accept-new
  UserKnownHostsFile ${path("known_hosts")}
  LogLevel ERROR
  Compression no
  ConnectionAttempts 10
  ControlPath ${path("control")}
`,
  );
  const isOurs = process.getuid?.() === 0 && (await makeFolder(PRIVILEGE_SEPARATION_FOLDER));
  return {
    serverConfig: path("sshd_config"),
    clientConfig: path("ssh_config"),
    async undo() {
      if (isOurs) await rmdir(PRIVILEGE_SEPARATION_FOLDER);
    },
  };
}

/** False where it is there already, or cannot be made: then the server says what it misses. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o755 });
    return true;
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}

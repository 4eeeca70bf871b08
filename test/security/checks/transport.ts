// S50: TLS, from the runner's side and from the control plane's.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "../../support/product.ts";
import type { Check } from "../check.ts";
import { adminToken, machineId, machineToken } from "../hostile/hostile-control-plane.ts";
import { OwnersMachine } from "../hostile/owners-machine.ts";

/** A certificate nobody vouches for. */
const pem = readFileSync(path.join(root, "test/fixtures/control-example.pem"));

const inClear: Check = {
  id: "S50",
  title: "a deployed control plane says nothing in clear, and is spoken to by TLS alone from then on",
  async run(probe) {
    const { protocol, host } = new URL(probe.target.url);
    const answer = await probe.ask("GET", "/healthz");
    const strict = answer.headers.get("Strict-Transport-Security") ?? "";
    probe.same("asks for TLS", /max-age=\d{6,}/.test(strict), protocol === "https:");
    if (protocol !== "https:") return;
    const plain = await fetch(`http://${host}/v1/machines`, { redirect: "manual" });
    probe.holds(`in clear: ${plain.status}`, [301, 308, 426].includes(plain.status));
  },
};

export const badCertificate: Check = {
  id: "S50b",
  title: "a runner sends nothing to a control plane with a bad certificate, whatever its environment says",
  needs: "inside",
  async run(probe) {
    const heard: string[] = [];
    const server = createServer({ key: pem, cert: pem }, (request, response) => {
      heard.push(`${request.method} ${request.url}`);
      response.end();
    });
    server.on("upgrade", (request, socket) => {
      heard.push(`upgrade ${request.url} ${request.headers.authorization ?? ""}`);
      socket.destroy();
    });
    let tries = 0;
    server.on("tlsClientError", () => (tries += 1));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const machine = new OwnersMachine("named");
    try {
      for (const isEnrolled of [false, true]) {
        probe.asked++;
        const before = tries;
        await runUntil(machine, url, isEnrolled, () => tries > before || heard.length > 0);
      }
      probe.same("what the server heard", heard, []);
    } finally {
      server.close();
      server.closeAllConnections();
      machine.remove();
    }
  },
};

/** A runner with that server, until it ended or `isSeen`. */
async function runUntil(
  machine: OwnersMachine,
  url: string,
  isEnrolled: boolean,
  isSeen: () => boolean,
): Promise<void> {
  const data = path.join(machine.folder, isEnrolled ? "enrolled" : "new");
  mkdirSync(data, { mode: 0o700 });
  const identity = { server: url, machine_id: machineId, machine_token: machineToken };
  if (isEnrolled) writeFileSync(path.join(data, "identity.json"), JSON.stringify(identity), { mode: 0o600 });
  if (isEnrolled) writeFileSync(path.join(data, "token"), adminToken, { mode: 0o600 });
  const program = path.join(root, "runner/dist/cli.js");
  const args = ["connect", "--server", url, "--data", data, "--policy", machine.policyFile, "--cwd", machine.root];
  const child = spawn(process.execPath, [program, ...args, "--allow-root"], {
    stdio: "ignore",
    env: { ...machine.environment, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
  });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitUntil("it dialled or gave up", () => isSeen() || isOver());
  if (!isOver()) child.kill("SIGKILL");
  await waitUntil("it ended", isOver);
}

export const transportChecks: readonly Check[] = [inClear, badCertificate];

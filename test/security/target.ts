// What the checks are made against: a live control plane with a runner. One that was started for them is known from
// inside as well: its folders, its processes, its owner's policy.

import { readFileSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Product } from "../support/product.ts";
import { enrollMachine } from "../support/simulated-runner.ts";
import { OwnersMachine } from "./hostile/owners-machine.ts";
import { endsTarget, loadRoutes, type Route } from "./routes.ts";

/** What only whoever started the target can see. */
export interface Inside {
  readonly product: Product;
  readonly machine: OwnersMachine;
}

export interface Workspace {
  readonly machineId: string;
  readonly adminToken: string;
  readonly machineToken: string;
}

export interface Target {
  readonly url: string;
  readonly token: string;
  readonly machineId: string;
  readonly routes: readonly Route[];
  /** Null where it was running before. */
  readonly inside: Inside | null;
  /** A workspace of somebody else's; null where nobody can make one. */
  readonly other: Workspace | null;
  /** Processes of its machine to name in addresses. */
  readonly process: string;
  close(): Promise<void>;
}

/** What its owner names beside the commands of a siege. */
const moreCommands = {
  holds: { root: "web", argv: ["/bin/ls", "-l", "/proc/self/fd"] },
  prints: { root: "web", argv: ["/usr/bin/printf", "%b", "{text}"], params: { text: { type: "string" } } },
};

/** The product on a free port, with data to be thrown away, in mode `named`. */
export async function startTarget(): Promise<Target> {
  const machine = new OwnersMachine("named", { commands: moreCommands });
  try {
    const product = await Product.start({
      args: ["--policy", machine.policyFile, "--cwd", machine.root],
      env: { ...machine.environment, LONGWIRE_SECURITY_CONTACT: "mailto:flaws@longwire.example" },
    });
    try {
      const enrollKey = readFileSync(path.join(product.data, "enroll-key"), "utf8");
      const close = async (): Promise<void> => {
        await product.close();
        machine.remove();
      };
      return await openTarget(product.ready, enrollKey, { product, machine }, close);
    } catch (error) {
      await product.close();
      throw error;
    }
  } catch (error) {
    machine.remove();
    throw error;
  }
}

/** One that runs already. With its `ENROLL_KEY` more can be checked. */
export async function openTarget(
  { url, token }: { readonly url: string; readonly token: string },
  enrollKey: string | undefined,
  inside: Inside | null = null,
  close: () => Promise<void> = () => Promise.resolve(),
): Promise<Target> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/machines/-`, { headers });
  if (answer.status !== 200) throw new Error(`GET /v1/machines/-: ${answer.status} ${await answer.text()}`);
  const { machine_id: machineId } = (await answer.json()) as { machine_id: string };
  const other = enrollKey === undefined ? null : await enrolOther(url, enrollKey);
  const process = inside === null ? "p1" : await startOne(url, token);
  return { url, token, machineId, routes: await loadRoutes(), inside, other, process, close };
}

async function enrolOther(url: string, enrollKey: string): Promise<Workspace> {
  const { machine_id: machineId, machine_token, admin_token } = await enrollMachine(url, enrollKey, "other");
  return { machineId, adminToken: admin_token, machineToken: machine_token };
}

async function startOne(url: string, token: string): Promise<string> {
  return await waitUntil("a process is started", async () => {
    const answer = await fetch(`${url}/v1/machines/-/processes`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ use: "stay", name: "steady" }),
    });
    return answer.status === 201 ? ((await answer.json()) as { process_id: string }).process_id : null;
  });
}

/** Whether a route may be asked what it must refuse: the one that would end a target somebody uses may not. */
export const spares = ({ inside }: Target, route: Route): boolean => inside !== null || !endsTarget(route);

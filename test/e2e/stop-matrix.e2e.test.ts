import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { outputOf } from "../support/api.ts";
import { isTaken } from "../support/ports.ts";
import { survivorsOf, treeOf } from "../support/process-tree.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

/** Servers listening on free ports, in each shape a developer's tools give their trees. */
interface Shape {
  readonly title: string;
  readonly command: string;
  readonly servers: number;
  readonly cwd?: string;
  /** Whether it stops itself (SIGSTOP) before it is to be stopped. */
  readonly halts?: true;
  /** Whether it is paused before it is stopped. */
  readonly pauses?: true;
}

const bin = path.join(root, "test/node_modules/.bin");
const server = `"${process.execPath}" server.mjs`;
const escapes = `"${process.execPath}" escapes.mjs`;
const shapes: readonly Shape[] = [
  { title: "shell, npm, node, child", command: "sh -c 'npm run dev; true'", servers: 1, cwd: "turbo-app/web" },
  { title: "concurrently with two", command: `"${bin}/concurrently" 'node server.mjs' 'node server.mjs'`, servers: 2 },
  { title: "turbo run dev", command: `"${bin}/turbo" run dev --no-daemon`, servers: 2, cwd: "turbo-app" },
  { title: "one deaf to SIGINT and SIGTERM", command: `${server} deaf`, servers: 1 },
  { title: "a grandchild that left the session", command: `${escapes} 0; sleep 1000`, servers: 1 },
  { title: "one that forked twice", command: `${escapes} 2; sleep 1000`, servers: 1 },
  { title: "one that also cleared its environment", command: `${escapes} 2 cleared; sleep 1000`, servers: 1 },
  { title: "a background job", command: `${server} & wait`, servers: 1 },
  { title: "a pipeline", command: `${server} | cat | cat`, servers: 1 },
  { title: "a halted tree", command: `${server} & ${server} & sleep 1; kill -STOP 0`, servers: 2, halts: true },
  { title: "a paused tree", command: `${server} & ${server} & wait`, servers: 2, pauses: true },
  { title: "one that forks while it is being stopped", command: `node forks-when-asked.mjs`, servers: 1 },
];

const used = useProduct();
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  cpSync(path.join(root, "test/fixtures/stop-matrix"), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = [false, true].flatMap((tty) =>
  shapes.map((shape) => [tty ? "in a terminal" : "under pipes", shape.title, { ...shape, tty }] as const),
);

// Most of their time is a grace: a few at once.
test.concurrent.for(cases)(
  "[P7] a stop ends the whole tree and frees its ports, %s: %s",
  async ([, , { tty, command, servers, cwd = ".", halts, pauses }]) => {
    const { api } = used;
    const env = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
    const { process_id: id, pid } = await api.start({ command, cwd: path.join(folder, cwd), env, tty });
    const ports = await waitUntil(`${servers} servers listen`, async () => {
      const text = outputOf(await api.events(0, `&process=${id}`), id).toString();
      const found = [...text.matchAll(/listening on (\d+)/g)].map(([, port]) => Number(port));
      return found.length === servers ? found : null;
    });
    if (halts) await waitUntil("it halted", () => /\) T /.test(readFileSync(`/proc/${pid}/stat`, "utf8")));
    if (pauses) expect((await api.call("POST", `/processes/${id}/pause`, {})).status).toBe(200);
    const shim = used.product.tree().find((known) => known.pid === pid)?.parent ?? 0;
    const tree = treeOf(shim);
    expect(tree.length).toBeGreaterThan(servers);
    const answer = await api.stop(id, { grace_ms: 1000 });
    expect(answer).toMatchObject({ stopped: true, survivors: [], process: { state: "exited", reason: "stopped" } });
    expect(survivorsOf(tree.filter((known) => known.pid !== shim))).toEqual([]);
    for (const port of ports) expect(await isTaken(port)).toBe(false);
  },
);

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Api } from "../support/api.ts";
import { survivorsOf } from "../support/process-tree.ts";
import { Product, type ProductOptions } from "../support/product.ts";

/** A product that is ended with the test, whatever became of it; leaving anybody behind is a failure. */
async function start(options?: ProductOptions): Promise<Product> {
  const product = await Product.start(options);
  onTestFinished(() => product.close());
  return product;
}

test("[E4] Ctrl-C ends control plane, runner, shims and children; a new start finds what was stored", async () => {
  const data = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  const product = await start({ data });
  const api = new Api(product.ready);
  await api.start({ command: "sleep 1000 & sleep 1001", name: "pair" });
  const tree = product.tree();
  expect(tree.filter(({ command }) => command.startsWith("sleep 100"))).toHaveLength(2);
  expect(await product.end("SIGINT")).toBe(0);
  expect(survivorsOf(tree)).toEqual([]);

  const again = await start({ data });
  expect(again.ready).toMatchObject({ machine_id: product.ready.machine_id, token: product.ready.token });
  const found = await new Api(again.ready).process("pair");
  expect(found).toMatchObject({ state: "exited", reason: "stopped" });
});

test("[E2] a second start on the same folder names the first one's pid", async () => {
  const product = await start();
  await expect(start({ data: product.data })).rejects.toThrow(String(product.ready.pid));
});

test("[E3] after kill -9 of the host the next start ends what it left, and goes on with its data", async () => {
  const product = await start();
  const api = new Api(product.ready);
  const { process_id: id } = await api.start({ command: "echo kept; sleep 1000" });
  const workerd = product.find(/workerd.*serve/);
  process.kill(product.ready.pid, "SIGKILL");
  await product.end("SIGKILL");
  const again = await start({ data: product.data });
  expect(survivorsOf([workerd])).toEqual([]);
  const after = new Api(again.ready);
  expect(await after.process(id)).toMatchObject({ state: "running" });
  expect(await after.stop(id)).toMatchObject({ stopped: true, survivors: [] });
});

test("[T6] without --allow-all nothing runs that its owner did not name or approve, and what to do is said", async () => {
  const product = await start({ args: [] });
  const api = new Api(product.ready);
  const started = await api.start({ command: "touch /tmp/never" });
  expect(started).toMatchObject({ state: "pending", waiting_for: "approval" });
  expect(started.detail).toContain("runner approve");
  const { status, body } = await api.call("POST", "/processes", { use: "never" });
  expect([status, body.code]).toEqual([403, "denied_by_machine"]);
  expect((await api.machine()).policy_mode).toBe("ask");
});

test("[T3] what lies on disk is private, and the token only in its file", async () => {
  const product = await start();
  expect(statSync(product.data).mode & 0o077).toBe(0);
  const secret = product.ready.token.slice(47);
  const holders: string[] = [];
  for (const entry of readdirSync(product.data, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    // A file may be gone again by now.
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) continue;
    if (!file.includes("control-plane")) expect([file, stat.mode & 0o077]).toEqual([file, 0]);
    if (existsSync(file) && readFileSync(file).includes(secret)) holders.push(file);
  }
  expect(holders).toEqual([product.ready.token_file]);
});

test("[T8] the runner opens no listening port", async () => {
  const product = await start();
  const runner = product.find(/cli\.js connect/).pid;
  const inodes = new Set(
    readdirSync(`/proc/${runner}/fd`).flatMap((fd) => {
      try {
        return [
          execFileSync("readlink", [`/proc/${runner}/fd/${fd}`])
            .toString()
            .trim(),
        ];
      } catch {
        return [];
      }
    }),
  );
  const listening = ["tcp", "tcp6"].flatMap((table) =>
    execFileSync("cat", [`/proc/net/${table}`])
      .toString()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && inodes.has(`socket:[${fields[9]}]`)),
  );
  expect(listening).toEqual([]);
});

test("[E5] a port that is taken is named, with what to do", async () => {
  const product = await start();
  const data = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  const port = new URL(product.ready.url).port;
  await expect(start({ data, args: ["--port", port] })).rejects.toThrow(new RegExp(`${port}.*--port 0`, "s"));
  rmSync(data, { recursive: true });
});

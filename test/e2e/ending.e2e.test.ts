import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { Api } from "../support/api.ts";
import { survivorsOf } from "../support/process-tree.ts";
import { Product } from "../support/product.ts";

test("[E4] Ctrl-C ends control plane, runner, shims and children; a new start finds what was stored", async () => {
  const data = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  const product = await Product.start({ data });
  const api = new Api(product.ready);
  await api.start({ command: "sleep 1000 & sleep 1001", name: "pair" });
  const tree = product.tree();
  expect(tree.filter(({ command }) => command.startsWith("sleep 100"))).toHaveLength(2);
  expect(await product.end("SIGINT")).toBe(0);
  expect(survivorsOf(tree)).toEqual([]);

  const again = await Product.start({ data });
  expect(again.ready).toMatchObject({ machine_id: product.ready.machine_id, token: product.ready.token });
  const found = await new Api(again.ready).process("pair");
  expect(found).toMatchObject({ state: "exited", reason: "stopped" });
  await again.close();
});

test("[E2] a second start on the same folder names the first one's pid", async () => {
  const product = await Product.start();
  await expect(Product.start({ data: product.data })).rejects.toThrow(String(product.ready.pid));
  await product.close();
});

test("[E3] after kill -9 of the host the next start ends what it left, and goes on with its data", async () => {
  const product = await Product.start();
  const api = new Api(product.ready);
  const { process_id: id } = await api.start({ command: "echo kept; sleep 1000" });
  const workerd = product.find(/workerd.*serve/);
  process.kill(product.ready.pid, "SIGKILL");
  await product.end("SIGKILL");
  const again = await Product.start({ data: product.data });
  expect(survivorsOf([workerd])).toEqual([]);
  const after = new Api(again.ready);
  expect(await after.process(id)).toMatchObject({ state: "running" });
  expect(await after.stop(id)).toMatchObject({ stopped: true, survivors: [] });
  await again.close();
});

test("[T6] without --allow-all the machine refuses every start, and says what to do", async () => {
  const product = await Product.start({ args: [] });
  const api = new Api(product.ready);
  const { status, body } = await api.call("POST", "/processes", { command: "touch /tmp/never" });
  expect([status, body.code]).toEqual([403, "denied_by_machine"]);
  expect(body.hint).toContain("--allow-all");
  expect((await api.machine()).policy_mode).toBe("ask");
  await product.close();
});

test("[T3] what lies on disk is private, and the token only in its file", async () => {
  const product = await Product.start();
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
  await product.close();
});

test("[T8] the runner opens no listening port", async () => {
  const product = await Product.start();
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
  await product.close();
});

test("[E5] a port that is taken is named, with what to do", async () => {
  const product = await Product.start();
  const data = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  const port = new URL(product.ready.url).port;
  await expect(Product.start({ data, args: ["--port", port] })).rejects.toThrow(new RegExp(`${port}.*--port 0`, "s"));
  rmSync(data, { recursive: true });
  await product.close();
});

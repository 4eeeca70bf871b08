// What a keeper of development servers is used for, by the rows of docs/founding.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { StartedAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api, outputOf } from "../../support/api.ts";
import { Product, root } from "../../support/product.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();

test("[P13] [E3] E1: what a terminal started outlives the terminal, and even the server, with every line once", async () => {
  const product = await Product.start();
  onTestFinished(() => product.close());
  const lines = path.join(root, "test/fixtures/numbered-lines.mjs");
  const request = JSON.stringify({ argv: ["node", lines, "100000", "20"], name: "kept" });
  const call = `fetch(process.argv[1] + "/v1/machines/-/processes", { method: "POST", body: process.argv[3], headers: {
    Authorization: "Bearer " + process.argv[2], "Content-Type": "application/json" } }).then(() => console.log("done"))`;
  const { url, token } = product.ready;
  // A terminal's session: its shell, and in it the program that asks for the start.
  const script = '"$0" -e "$1" "$2" "$3" "$4"; exec sleep 1000';
  const terminal = spawn("sh", ["-c", script, process.execPath, call, url, token, request], {
    ...{ detached: true, stdio: ["ignore", "pipe", "inherit"] },
  });
  const hangUp = (): void => {
    if (terminal.signalCode === null) process.kill(-(terminal.pid ?? 0), "SIGHUP");
  };
  onTestFinished(hangUp);
  await once(terminal.stdout, "data");
  hangUp();
  await waitUntil("the terminal is closed", () => terminal.signalCode === "SIGHUP");
  const before = await new Api(product.ready).process("kept");
  expect(before.state).toBe("running");
  process.kill(product.ready.pid, "SIGKILL");
  await product.end("SIGKILL");
  const again = await Product.start({ data: product.data });
  onTestFinished(() => again.close());
  const api = new Api(again.ready);
  const after = await api.process("kept");
  expect(after).toMatchObject({ state: "running", run: 1, pid: before.pid, process_id: before.process_id });
  const printed = (await api.process("kept")).output_bytes;
  await waitUntil("it prints on", async () => (await api.process("kept")).output_bytes > printed);
  expect(await api.stop("kept")).toMatchObject({ stopped: true, survivors: [] });
  const text = outputOf(await api.events(), before.process_id).toString();
  const said = text.split("\n").slice(0, -1);
  expect(said).toEqual(said.map((_, at) => `line ${at + 1}`));
});

test("[P24] [P29] E5: after a change the dev server is begun again, its error is read, mended, and it is ready", async () => {
  const cwd = path.join(on.product.data, "app");
  mkdirSync(cwd);
  const write = (greeting: string): void => {
    rmSync(path.join(cwd, "up"), { force: true });
    writeFileSync(
      path.join(cwd, "server.mjs"),
      `import { createServer } from "node:http"; import { writeFileSync } from "node:fs";
      const server = createServer((_, answer) => answer.end(${greeting})).listen(0, "127.0.0.1", () => {
        console.log("serving on http://127.0.0.1:" + server.address().port + "/");
        writeFileSync("up", "");
      });`,
    );
  };
  const begin = async (): Promise<StartedAnswer> => {
    const query = "until=ready&wait_ms=30000";
    return (await on.api.call<StartedAnswer>("POST", `/processes/dev/restart?${query}`, {})).body;
  };
  const ask = async ({ wait }: StartedAnswer): Promise<string> =>
    await (await fetch(/http:\S+/.exec(wait.output)?.[0] ?? "")).text();
  writeFileSync(path.join(cwd, "package.json"), JSON.stringify({ scripts: { dev: "node server.mjs" } }));
  write('"one"');
  const first = await on.api.startUntil("until=ready&wait_ms=30000", {
    ...{ command: "npm run dev", name: "dev", cwd, ready: { command: "test -e up" } },
  });
  expect(await ask(first)).toBe("one");

  write('"two" +');
  const broken = await begin();
  expect(broken).toMatchObject({ run: 2, state: "exited", returncode: 1, ready: false, wait: { ended_by: "exit" } });
  expect(broken.wait.output).toMatch(/server\.mjs:2\n[^]*SyntaxError: Unexpected token '\)'/);

  write('"two"');
  const mended = await begin();
  expect(mended).toMatchObject({ run: 3, state: "running", ready: true, wait: { ended_by: "ready" } });
  expect(await ask(mended)).toBe("two");
  expect(await on.api.stop("dev")).toMatchObject({ stopped: true, survivors: [] });
});

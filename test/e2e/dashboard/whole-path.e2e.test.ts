import { createRequire } from "node:module";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { root } from "../../support/product.ts";
import { runCli } from "../../support/runner-cli.ts";
import { useProduct } from "../../support/use-product.ts";

const vite = path.join(path.dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
const flood =
  "for (let n = 0; ; n++) require('fs').writeSync(1, `line ${n} of a flood that does not end\\n`.repeat(64))";
const policy = new PolicyFile({
  mode: "named",
  roots: { app: path.join(root, "test/fixtures/vite-app") },
  commands: {
    app: {
      ...{ root: "app", argv: [process.execPath, vite, "--port", "0", "--host", "127.0.0.1"] },
      ready: { pattern: "ready in" },
    },
    flood: { root: "app", argv: [process.execPath, "-e", flood] },
    counts: { root: "app", command: "for i in $(seq 1 500); do echo $i; sleep 0.01; done; echo all''done; read end" },
  },
});
const on = useProduct({ args: ["--policy", policy.path] });
let browser: Browser;
let page: Page;
let wrongs: readonly string[];
beforeAll(async () => {
  browser = await openBrowser();
  page = await (await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] })).newPage();
  wrongs = watchPage(page);
  const { stdout } = await runCli(["open", "--json", "--data", path.join(on.product.data, "runner")]);
  await page.goto((JSON.parse(stdout) as { dashboard_url: string }).dashboard_url);
  await page.getByRole("heading", { name: "Machines" }).waitFor();
});
afterAll(async () => await browser?.close());

/** Starts a named command from the machine's page; the page is at the process then. */
async function start(name: string): Promise<void> {
  await page.goto(`${on.product.ready.url}/#/m/${on.product.ready.machine_id}`);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name, exact: true }).click();
  await dialog.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

const copied = async (): Promise<string> => {
  await page.getByRole("button", { name: "Copy" }).click();
  return await page.evaluate<string>("navigator.clipboard.readText()");
};

test("[B7] a real dev server is started, seen ready, and its port link opens it in a tab that knows nothing of this one", async () => {
  await start("app");
  await page.getByText("ready", { exact: true }).waitFor();
  const opening = page.waitForEvent("popup");
  await page.getByRole("link", { name: /^:\d+$/ }).click();
  const app = await opening;
  await waitUntil("its page is there", async () => (await app.title()) === "A small app");
  expect(await app.evaluate("[window.opener, document.referrer]")).toEqual([null, ""]);
  await app.close();
  await page.getByRole("button", { name: "Stop app" }).click();
  await page.getByText(/^app is stopped.*nothing of it is left/).waitFor();
});

test("[R84] [B7] a flood is drawn at its tail, and stopped from the page that shows it", async () => {
  await start("flood");
  await page.locator(".xterm-rows", { hasText: "of a flood" }).waitFor();
  await waitUntil("it has printed far more than a page draws", async () => {
    const { output_bytes: bytes } = await on.api.process("flood");
    return bytes > 20_000_000;
  });
  await page.getByRole("button", { name: "Stop flood" }).click();
  await page.getByText(/^flood is stopped.*nothing of it is left/).waitFor();
  await waitUntil("its last line is drawn", async () => / not shown here/.test(await copied()));
});

test("[B9] [B4] a control plane that dies costs the open terminal no line, and a reload is where one was", async () => {
  await start("counts");
  await waitUntil("it prints", async () => /^50$/m.test(await copied()));
  process.kill(on.product.find(/workerd.* serve/).pid, "SIGKILL");
  await page.getByText("The connection is lost").waitFor();
  await page.getByText("The connection is lost").waitFor({ state: "detached" });
  const all = Array.from({ length: 500 }, (_, at) => String(at + 1));
  await waitUntil("it has come to its end", async () => /^alldone$/m.test(await copied()));
  expect((await copied()).split("\n").filter((line) => /^\d+$/.test(line))).toEqual(all);
  const at = page.url();
  await page.reload();
  await page.getByRole("heading", { name: "counts", level: 1 }).waitFor();
  expect(page.url()).toBe(at);
  await waitUntil("its end is drawn again", async () => /^alldone$/m.test(await copied()));
});

test("[B3] the page's own session is revoked on the page, which is signed out within 5 s", async () => {
  await page.goto(`${on.product.ready.url}/#/tokens`);
  const own = page.getByRole("row").filter({ hasText: "this page" });
  await own.getByRole("button", { name: /^Revoke/ }).click();
  await own.getByRole("button", { name: "Revoke and be signed out" }).click();
  await page.getByText("You were signed out: this session was revoked or has ended.").waitFor({ timeout: 5000 });
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
  expect(wrongs).toEqual([]);
});

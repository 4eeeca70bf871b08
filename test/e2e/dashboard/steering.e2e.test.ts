import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NewSession } from "@longwire/shared/api/sessions.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../../support/api.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { JoiningRunner } from "../../support/joining-runner.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { Product, root } from "../../support/product.ts";
import { runCli } from "../../support/runner-cli.ts";

const policy = new PolicyFile({
  mode: "ask",
  approve: ["terminal", "dashboard"],
  roots: { here: path.join(root, "test/fixtures") },
  commands: {
    dev: {
      ...{ root: "here", argv: [process.execPath, "dev-server.mjs"], tags: ["frontend"] },
      ready: { pattern: "watching" },
    },
  },
});
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "longwire-test-")));
let product: Product;
let api: Api;
let browser: Browser;
const opened: BrowserContext[] = [];
const wrongs: (readonly string[])[] = [];
beforeAll(async () => {
  product = await Product.start({ args: ["--policy", policy.path, "--cwd", folder] });
  api = new Api(product.ready);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function newPage(): Promise<Page> {
  const context = await browser.newContext();
  opened.push(context);
  const page = await context.newPage();
  wrongs.push(watchPage(page));
  return page;
}

/** A link as the owner makes it on the machine. */
async function newLink(): Promise<string> {
  const { code, stdout } = await runCli(["open", "--json", "--data", path.join(product.data, "runner")]);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { dashboard_url: string }).dashboard_url;
}

/** A page that is signed in and shows the processes of the first machine. */
async function signedIn(): Promise<{ readonly page: Page; readonly machine: string }> {
  const page = await newPage();
  await page.goto(await newLink());
  const { name: machine } = await api.machine();
  await page.getByRole("main").getByRole("link", { name: machine, exact: true }).click();
  await page.getByRole("heading", { name: machine, level: 1 }).waitFor();
  return { page, machine };
}

/** A process's row in the list. */
const rowOf = (page: Page, name: string) =>
  page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("link", { name, exact: true }) });

test("[B2] [B6] a link signs in once, its secret leaves the address and the history at once, and no cookie is set", async () => {
  const link = await newLink();
  expect(link).toMatch(new RegExp(`^${product.ready.url}/#sign-in=lw_\\w+$`));
  const page = await newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(link);
  await page.getByRole("heading", { name: "Machines" }).waitFor();
  expect(page.url()).toBe(`${product.ready.url}/`);
  expect(await page.evaluate("history.length")).toBe(2);
  const secret = link.split("=")[1] ?? "";
  expect(asked.filter((url) => url.includes(secret))).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  const again = await newPage();
  await again.goto(link);
  await again.getByText("This link has been used already").waitFor();
  expect(again.url()).toBe(`${product.ready.url}/`);
});

test("[B2] a token and a join code sign in, what is neither does not, and signing out ends it", async () => {
  const page = await newPage();
  await page.goto(product.ready.url);
  const field = page.getByLabel("Or give a join code or a token");
  await field.fill("lw_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This token is not valid").waitFor();
  const { stdout } = await runCli([
    "invite",
    "--token",
    "--name",
    "guest",
    "--scopes",
    "read",
    "--data",
    path.join(product.data, "runner"),
  ]);
  await field.fill(stdout.trim());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Machines" }).waitFor();
  // It may look, and is offered nothing else.
  expect(await page.getByRole("link", { name: "Tokens" }).count()).toBe(0);
  await page.getByRole("button", { name: "Signed in as guest" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("[B7] a named command is started, seen ready with its port, restarted and stopped, and the page says how that went", async () => {
  const { page, machine } = await signedIn();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "dev" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("heading", { name: "dev", level: 1 }).waitFor();
  expect(page.url()).toBe(`${product.ready.url}/#/m/${machine}/p/dev`);
  await page.getByText("ready", { exact: true }).waitFor();
  const port = page.getByRole("link", { name: /^:\d+$/ });
  await port.waitFor();
  expect(await port.getAttribute("href")).toMatch(/^http:\/\/localhost:\d+\/$/);
  expect(await port.getAttribute("rel")).toBe("noreferrer noopener");
  const visited = await page.context().newPage();
  expect((await visited.goto((await port.getAttribute("href")) ?? ""))?.status()).toBe(200);
  await page.getByText("exit 7").waitFor();

  await page.getByRole("button", { name: "Start again: dev" }).click();
  await page.getByText("dev begins run 2").waitFor();
  await page.getByText("ready", { exact: true }).waitFor();
  await page.getByRole("tab", { name: "Runs" }).click();
  await page.getByRole("link", { name: "run 1", exact: true }).waitFor();
  // Where one was is where one is after a reload.
  await page.reload();
  await page.getByRole("heading", { name: "dev", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Stop dev" }).click();
  await page.getByText(/^dev is stopped.*nothing of it is left/).waitFor();
  await page.getByRole("link", { name: "All processes" }).click();
  await rowOf(page, "dev").getByText("stopped").waitFor();
});

test("[B8] an approval shows exactly what will run, and is allowed once or denied from the page", async () => {
  const { page } = await signedIn();
  const start = async (name: string, command: string): Promise<void> => {
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "A command of your own" }).click();
    await dialog.getByLabel("Command").fill(command);
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByRole("link", { name: "See what will run" }).click();
  };
  await start("yes", "echo   'two  words' && true");
  const card = page.getByRole("article", { name: "yes asks to run" });
  expect(await card.locator("code").first().textContent()).toBe("echo   'two  words' && true");
  await card.getByText(folder).waitFor();
  await card.getByRole("button", { name: "Allow once" }).click();
  await page.getByText("yes may run, this once.").waitFor();
  expect((await api.ended("yes")).returncode).toBe(0);

  await page
    .getByRole("navigation")
    .getByRole("link", { name: (await api.machine()).name })
    .first()
    .click();
  await start("no", "touch never");
  await page.getByRole("article", { name: "no asks to run" }).getByRole("button", { name: "Deny" }).click();
  await page.getByText("no was denied; nothing ran.").waitFor();
  expect(await api.process("no")).toMatchObject({ state: "failed", reason: "denied" });
});

test("[B3] a page whose session is revoked is signed out within 5 s, in words", async () => {
  const page = await newPage();
  const signedInBy = page.waitForResponse((answer) => answer.url().endsWith("/v1/sessions") && answer.status() === 201);
  await page.goto(await newLink());
  const { id } = (await (await signedInBy).json()) as NewSession;
  await page.getByRole("heading", { name: "Machines" }).waitFor();
  const headers = { Authorization: `Bearer ${product.ready.token}` };
  const revoked = await fetch(`${product.ready.url}/v1/tokens/${id}`, { method: "DELETE", headers });
  expect(revoked.status).toBe(204);
  await page.getByText("You were signed out: this session was revoked or has ended.").waitFor({ timeout: 5000 });
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
});

test("[B9] a machine that is offline is said to be, with when it was last seen, and what is stored stays readable", async () => {
  const invite = await runCli(["invite", "--json", "--data", path.join(product.data, "runner")]);
  const { join } = JSON.parse(invite.stdout) as { join: string };
  const data = path.join(folder, "other");
  const runner = new JoiningRunner(data, ["--server", product.ready.url, "--join", join, "--name", "other"]);
  try {
    await runner.ready();
    const headers = { Authorization: `Bearer ${product.ready.token}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ command: "echo kept for later", name: "before" });
    const started = await fetch(`${product.ready.url}/v1/machines/other/processes?until=exit`, {
      method: "POST",
      headers,
      body,
    });
    expect(started.status).toBe(201);
    const page = await newPage();
    await page.goto(await newLink());
    await page.getByRole("main").getByRole("link", { name: "other", exact: true }).click();
    await page.getByRole("heading", { name: "other", level: 1 }).waitFor();
    await page.getByText("online", { exact: true }).waitFor();
    await runner.end("SIGINT");
    await page.getByText("other is offline").waitFor();
    await page.getByText(/last seen/).waitFor();
    expect(await page.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("link", { name: "before", exact: true }).click();
    await page.getByRole("heading", { name: "before", level: 1 }).waitFor();
    runner.begin();
    await runner.ready();
    await page.getByText("other is offline").waitFor({ state: "detached" });
    // The control plane's runtime dies, and is back by itself.
    process.kill(product.find(/workerd.* serve/).pid, "SIGKILL");
    await page.getByText("The connection is lost").waitFor();
    await page.getByText("The connection is lost").waitFor({ state: "detached" });
  } finally {
    await runner.end("SIGINT");
  }
});

test("[B4] whatever its address says, the page speaks to nobody but its own origin", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  wrongs.push(watchPage(page));
  const foreign: string[] = [];
  const look = (url: string): void => {
    if (new URL(url).host !== new URL(product.ready.url).host) foreign.push(url);
  };
  page.on("request", (request) => look(request.url()));
  page.on("websocket", (socket) => look(socket.url()));
  await page.goto(await newLink());
  await page.getByRole("heading", { name: "Machines" }).waitFor();
  for (const odd of [
    "?server=https://evil.example",
    "?url=wss://evil.example&gatewayUrl=wss://evil.example",
    "#//evil.example/",
    "#/m/https:%2F%2Fevil.example/p/x",
    "#javascript:alert(1)",
    "#/m/%3Cimg%20src=x%20onerror=alert(1)%3E",
    "#/m/%",
  ]) {
    await page.goto(`${product.ready.url}/${odd}`);
    await waitUntil(`${odd} is shown`, async () => (await page.locator("main h1, main .empty").count()) > 0);
  }
  expect(foreign).toEqual([]);
  await context.close();
});

test("[B1] no page of these tests met what its policy refuses, an error or a dialog", () => {
  expect(wrongs.length).toBeGreaterThan(0);
  expect(wrongs.flat()).toEqual([]);
});

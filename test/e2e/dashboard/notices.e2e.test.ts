import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { root } from "../../support/product.ts";
import { useProduct } from "../../support/use-product.ts";

const policy = new PolicyFile({
  mode: "ask",
  approve: ["terminal", "dashboard"],
  roots: { here: root },
  commands: {
    serves: { root: "here", argv: ["sh", "-c", "echo up; read go"], ready: { pattern: "^up$" } },
    // What terminals elsewhere make a notification or a call for attention of.
    shouts: {
      root: "here",
      argv: [
        "printf",
        String.raw`\033]9;look\007\033]777;notify;look;here\007\033]99;;look\033\\\007\033]0;(1) look\007`,
      ],
    },
  },
});
const on = useProduct({ args: ["--policy", policy.path] });
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => await browser?.close());

/** Each notification is the browser's own; what it says, and whether leave was asked for, is written down. */
const writingDown = `globalThis.told = [];
globalThis.asked = 0;
const Real = Notification;
globalThis.Notification = class extends Real {
  constructor(title, options) {
    super(title, options);
    told.push({ title, body: options.body, click: () => this.dispatchEvent(new Event("click")) });
  }
  static async requestPermission() {
    asked++;
    return await Real.requestPermission();
  }
};`;
/** A page without a window is always to be seen, so it is told otherwise. */
const show = (state: "visible" | "hidden"): string => `
Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "${state}" });
document.dispatchEvent(new Event("visibilitychange"));`;

test("[B10] who turned it on is told of ends, readiness and approvals while the page is hidden, and led there", async () => {
  const { url, token, machine_id: id } = on.product.ready;
  const context = await browser.newContext();
  await context.grantPermissions(["notifications"], { origin: url });
  const page = await context.newPage();
  const wrongs = watchPage(page);
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), token);
  await page.addInitScript({ content: writingDown });
  await page.goto(`${url}/#/m/${id}`);
  const { name: machine } = await on.api.machine();
  await page.getByText(`Nothing runs on ${machine}.`).waitFor();
  const told = async (): Promise<string[]> => await page.evaluate<string[]>("told.map(({ title }) => title)");
  const isTold = (title: string): Promise<true> =>
    waitUntil(`it says ${title}`, async () => (await told()).includes(title) || null);

  // Not turned on: nothing is asked for, and nothing said.
  await page.evaluate(show("hidden"));
  await on.api.startUntil("until=exit", { use: "shouts" });
  await page.evaluate(show("visible"));
  await page.getByText("exit 0").waitFor();
  expect([await page.evaluate("asked"), await told()]).toEqual([0, []]);

  const bell = page.getByRole("button", { name: "Tell me of ends, readiness and approvals" });
  await bell.click();
  await page.getByText("You are told of ends").waitFor();
  expect(await page.evaluate("asked")).toBe(1);
  // Whoever looks at it sees it anyhow.
  await on.api.startUntil("until=exit", { use: "shouts" });
  await page.getByText("run 2").waitFor();
  expect(await told()).toEqual([]);

  await page.evaluate(show("hidden"));
  await on.api.startUntil("until=ready", { use: "serves" });
  await isTold("serves is ready");
  await on.api.stop("serves");
  await isTold("serves ended by SIGINT");
  await on.api.start({ command: "echo asked", name: "asks" });
  await isTold("asks waits for your approval");
  // What a program prints calls nobody: of this one its end alone is told.
  const before = (await told()).length;
  await page.goto(`${url}/#/m/${id}/p/shouts`);
  await on.api.startUntil("until=exit", { use: "shouts" });
  await isTold("shouts ended with code 0");
  expect((await told()).slice(before)).toEqual(["shouts ended with code 0"]);
  expect(await page.title()).toBe("shouts · Longwire");

  await page.evaluate(`told.find(({ title }) => title === "serves is ready").click()`);
  await page.evaluate(show("visible"));
  await page.getByRole("heading", { name: "serves", level: 1 }).waitFor();
  await bell.click();
  await page.evaluate(show("hidden"));
  await on.api.startUntil("until=exit", { use: "shouts" });
  await page.evaluate(show("visible"));
  await page.goto(`${url}/#/m/${id}/p/shouts`);
  await page.getByText("run 4").waitFor();
  expect((await told()).length).toBe(before + 1);
  expect(wrongs).toEqual([]);
  await context.close();
});

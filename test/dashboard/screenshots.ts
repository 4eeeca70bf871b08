// Takes the pictures of the dashboard that the documents show, of a product with a small project on it, into
// docs/dashboard. To be run by hand where something looks otherwise: `node test/dashboard/screenshots.ts [folder]`.

import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { signInLink } from "@longwire/shared/sign-in-link.ts";
import { Api } from "../support/api.ts";
import { heedsNoSignal, openBrowser } from "../support/browser.ts";
import { leaveNothing } from "../support/leave-nothing.ts";
import { Product, root } from "../support/product.ts";
import { makeShop } from "./shop.ts";

const folder = path.resolve(process.argv[2] ?? path.join(root, "docs/dashboard"));
mkdirSync(folder, { recursive: true });

const wide = { width: 1280, height: 760 };
const phone = { width: 390, height: 760 };
/** So long figures are gathered, for lines that can be seen. */
const figuresMs = 40_000;

await leaveNothing(async (keep) => {
  const shop = makeShop();
  await keep(Promise.resolve(shop));
  const product = await keep(
    Product.start({ args: ["--policy", shop.policy, "--cwd", shop.folder], env: { HOME: shop.home } }),
  );
  const api = new Api(product.ready);
  const browser = await keep(openBrowser(heedsNoSignal));

  const openPage = async (viewport: typeof wide, colorScheme: "light" | "dark"): Promise<Page> => {
    const context = await browser.newContext({ viewport, colorScheme });
    const page = await context.newPage();
    const headers = { Authorization: `Bearer ${product.ready.token}`, "Content-Type": "application/json" };
    const answer = await fetch(`${product.ready.url}/v1/sign-ins`, { method: "POST", headers, body: "{}" });
    const { secret } = (await answer.json()) as { readonly secret: string };
    await page.goto(signInLink(product.ready.url, secret));
    await page.getByRole("heading", { name: "Machines" }).waitFor();
    return page;
  };
  const { name: machine } = await api.machine();
  const goTo = async (page: Page, place: string): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(`#/m/${machine}${place}`)}`);
    await page.waitForLoadState("networkidle").catch(() => undefined);
  };
  /** What was said in passing is no part of a picture. */
  const take = async (page: Page, name: string): Promise<void> => {
    await waitUntil("nothing is said in passing", async () => (await page.locator(".toast").count()) === 0);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    process.stdout.write(`${name}.png\n`);
  };

  const light = await openPage(wide, "light");
  await goTo(light, "");
  await light.getByText(`Nothing runs on ${machine}.`).waitFor();
  await take(light, "step-1");
  await light.getByRole("button", { name: "Start", exact: true }).click();
  await light.getByRole("dialog").getByRole("button", { name: "dev" }).waitFor();
  await take(light, "step-2");
  await light.getByRole("dialog").getByRole("button", { name: "Start", exact: true }).click();
  await light.getByText("ready", { exact: true }).waitFor();
  await light.getByRole("link", { name: /^:\d+$/ }).waitFor();
  await take(light, "step-3");

  await api.startUntil("until=ready", { use: "api" });
  await api.startUntil("until=exit", { use: "test" });
  await api.call("POST", "/processes/test/restart", {});
  await api.start({ command: "bash --norc", name: "shell", tty: true, tags: ["tools"] });
  const [shell] = (await api.call<{ items: { approval_id: string }[] }>("GET", "/approvals")).body.items;
  await api.call("POST", `/approvals/${shell?.approval_id}`, { decision: "once" });
  const dark = await openPage(wide, "dark");
  await goTo(dark, "");
  await new Promise((resolve) => setTimeout(resolve, figuresMs));
  await api.start({ command: "npm ci && npm run build", name: "build", env: { CI: "1" }, tags: ["frontend"] });
  await dark.getByText("asks", { exact: true }).waitFor();
  await take(dark, "list-dark");
  await goTo(light, "/approvals");
  await light.getByRole("article").waitFor();
  await take(light, "approval");
  const ids = ["dev", "api"].map(async (name) => (await api.process(name)).process_id);
  await goTo(dark, `/side/${(await Promise.all(ids)).join(",")}`);
  await dark.waitForTimeout(2000);
  await take(dark, "side-by-side-dark");
  const small = await openPage(phone, "light");
  await goTo(small, "");
  await small
    .getByRole("link", { name: /^:\d+$/ })
    .first()
    .waitFor();
  await take(small, "phone-list");
  const smallDark = await openPage(phone, "dark");
  await goTo(smallDark, "/p/api");
  await smallDark.waitForTimeout(2000);
  await take(smallDark, "phone-process-dark");
});

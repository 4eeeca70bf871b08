import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { joinMachine } from "../../support/join-machine.ts";
import { SimulatedRunner } from "../../support/simulated-runner.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct({ env: { LONGWIRE_ENTRIES_PER_MINUTE: "1000" } });
let browser: Browser;
const runners: SimulatedRunner[] = [];
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  for (const runner of runners) runner.close();
  await browser?.close();
});

/** The page's bound. */
const followed = 16;
const others = 20;

test("[B14] of many machines the page follows those that are looked at, and lists the others as they were lately", async () => {
  const { url, token } = on.product.ready;
  for (let index = 0; index < others; index++) {
    const name = `m${String(index).padStart(2, "0")}`;
    const its = await joinMachine({ url, token }, name);
    runners.push(new SimulatedRunner({ url, token: its, label: { name: `job-of-${name}` } }));
  }
  await waitUntil("all of them have told of their runs", () => runners.every((runner) => runner.isDone));
  // A window that shows a few.
  const page = await browser.newPage({ viewport: { width: 800, height: 420 } });
  const wrongs = watchPage(page);
  const open = new Set<unknown>();
  page.on("websocket", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  // None of the simulated ones answers the question for what waits there.
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), token);
  await page.goto(url);
  const main = page.getByRole("main");
  await waitUntil("the first ones are followed", () => open.size === followed);
  await main.getByRole("link", { name: "job-of-m00", exact: true }).waitFor();

  const filter = page.getByRole("searchbox", { name: "Filter machines" });
  await filter.fill("M18");
  await main.getByRole("link", { name: "job-of-m18", exact: true }).waitFor();
  expect(await main.locator(".machine-card").count()).toBe(1);
  await filter.fill("");

  // The last one is followed once it is looked at, and another one let go.
  await main.getByRole("listitem", { name: "m19" }).scrollIntoViewIfNeeded();
  await main.getByRole("link", { name: "job-of-m19", exact: true }).waitFor();
  await waitUntil("no more are followed than that", () => open.size === followed);
  await page.goto(`${url}/#/m/m19`);
  await page.getByRole("heading", { name: "m19", level: 1 }).waitFor();
  runners.at(-1)?.end();
  await main.getByText("exit 0").waitFor();

  // One that is not followed is told of by the list, at the latest when somebody comes back to the page.
  await page.goto(`${url}/#/nowhere`);
  const places = page.getByRole("navigation").getByRole("listitem").filter({ hasText: "m" });
  const online = async (): Promise<number> => await places.getByRole("img", { name: "online" }).count();
  await waitUntil("all of them are online", async () => (await online()) === others + 1);
  for (const runner of runners) runner.close();
  await waitUntil("all of them are offline", async () => {
    const answer = await fetch(`${url}/v1/machines`, { headers: { Authorization: `Bearer ${token}` } });
    const { items } = (await answer.json()) as { items: { online: boolean }[] };
    return items.filter((machine) => machine.online).length === 1;
  });
  await page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`);
  await waitUntil("the page says so", async () => (await online()) === 1);
  await waitUntil("still no more are followed", () => open.size === followed);
  expect(wrongs).toEqual([]);
  await page.close();
});

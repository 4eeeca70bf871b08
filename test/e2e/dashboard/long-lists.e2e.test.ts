import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { keptRuns } from "@longwire/shared/limits.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { exited, openBusyMachine } from "../../support/busy-machine.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => await browser?.close());

const processes = 200;
const runsEach = 10;
/** Of the one that ran most; the last of them stay. */
const runs = 150;

test("[B12] 200 processes are listed, found and grouped, and any of 2,000 runs reached", async () => {
  const server = on.product.ready;
  // 200 live processes of ten runs each, and one that ran often before.
  const runner = await openBusyMachine({ server, name: "busy", processes, runsEach, oftenRuns: runs });
  const { url, token } = server;
  const page = await browser.newPage();
  const wrongs = watchPage(page);
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), token);
  await page.goto(`${url}/#/m/busy`);
  const rows = page.locator(".process");
  const shows = async (count: number): Promise<void> =>
    void (await waitUntil(`${count} are listed`, async () => (await rows.count()) === count));
  await page.getByRole("link", { name: "job-0", exact: true }).waitFor();
  await shows(200);
  await page.getByRole("button", { name: "Show more" }).click();
  await shows(processes + 1);
  const filter = page.getByRole("searchbox", { name: "Filter processes" });
  await filter.fill("job-19");
  await shows(11);
  await filter.fill("");
  await page.getByRole("button", { name: /^team-3/ }).click();
  await shows(processes / 4);
  await page.getByRole("button", { name: /^team-3/, pressed: true }).click();
  await page.getByRole("checkbox", { name: "Group by tag" }).check();
  await page.getByRole("heading", { name: "team-2" }).waitFor();

  // What comes meanwhile is seen among them.
  runner.say(exited("p7" as ProcessId, runsEach, 3));
  await rows
    .filter({ has: page.getByRole("link", { name: "job-5", exact: true }) })
    .getByText("exit 3")
    .waitFor();
  await page.getByRole("link", { name: "job-7", exact: true }).click();
  await page.getByRole("tab", { name: "Runs" }).click();
  await page.getByRole("link", { name: "run 1", exact: true }).click();
  await page.getByText("run 1 ·").waitFor();
  await page.goto(`${url}/#/m/busy/p/often`);
  await page.getByRole("tab", { name: "Runs" }).click();
  await page.getByRole("link", { name: `run ${runs}`, exact: true }).waitFor();
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByRole("link", { name: `run ${runs - keptRuns + 1}`, exact: true }).click();
  await page.getByText(`run ${runs - keptRuns + 1} ·`).waitFor();
  expect(wrongs).toEqual([]);
  runner.close();
});

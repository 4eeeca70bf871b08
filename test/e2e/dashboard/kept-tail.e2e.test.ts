import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { useProduct } from "../../support/use-product.ts";

/** A log of 1 MiB. */
const on = useProduct({ env: { LONGWIRE_RETENTION_BYTES: String(1024 * 1024) } });
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => await browser?.close());

const lines = 30_000;
const numbered = `seq -f 'line %06.0f' ${lines}`;

async function open(name: string): Promise<Page> {
  const { url, token, machine_id: id } = on.product.ready;
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), token);
  await page.goto(`${url}/#/m/${id}/p/${name}`);
  await page.locator('.tty[data-state="following"]').waitFor();
  return page;
}

/** All that is loaded. */
async function copied(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Copy" }).click();
  return await page.evaluate<string>("navigator.clipboard.readText()");
}

test("[R85] a run whose output the log let go of shows the end that was kept, and what is gone before it", async () => {
  await on.api.startUntil("until=match&pattern=asks%24", {
    command: `${numbered}; echo asks; exec cat`,
    name: "quiet",
  });
  await on.api.startUntil("until=exit", { command: numbered, name: "ended" });
  await on.api.startUntil("until=exit", { command: "head -c 3000000 /dev/zero | tr '\\0' x", name: "flood" });
  const raw = await on.api.call("GET", "/processes/quiet/output?after=1.0");
  expect(raw).toMatchObject({ status: 410 });

  const page = await open("quiet");
  const wrongs = watchPage(page);
  await waitUntil("its end is shown", async () => (await copied(page)).includes("asks"));
  await page.getByLabel("A line for its input").fill("hello again");
  await page.keyboard.press("Enter");
  await waitUntil("what comes follows", async () => (await copied(page)).endsWith("asks\nhello again"));
  await waitUntil("what is gone is said", async () => {
    await page.locator(".tty-host").click();
    await page.keyboard.press("Shift+Home");
    return (await copied(page)).includes("gone:");
  });
  const shown = (await copied(page)).split("\n");
  expect(shown.filter((line) => /^── \d+ kB gone: the log keeps only so much ──$/.test(line))).toHaveLength(1);
  // The first line there is may be half a one.
  const numbers = shown.filter((line) => /^line \d{6}$/.test(line)).map((line) => Number(line.slice(5)));
  expect(numbers.length).toBeGreaterThan(5000);
  expect(numbers).toEqual(Array.from(numbers, (_, at) => lines - numbers.length + 1 + at));
  // Jumping to a place in what was kept.
  await page.getByRole("button", { name: "Search (" }).click();
  const field = page.getByRole("searchbox", { name: "Search the output" });
  await field.fill(`line 0${lines - 100}`);
  await field.press("Alt+Enter");
  await page.locator('.tty[data-state="paused"]').waitFor();
  await page
    .getByText(`line 0${lines - 100}`)
    .first()
    .waitFor();

  const ended = await open("ended");
  await waitUntil("nothing of it is there", async () => /^── \d+ kB gone: the log keeps/m.test(await copied(ended)));
  expect(wrongs).toEqual([]);
  await page.context().close();
  await ended.context().close();
});

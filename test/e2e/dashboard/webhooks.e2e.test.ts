import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook as StandardWebhook } from "standardwebhooks";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
let browser: Browser;
let receiver: Server;
let address: string;
/** What it answers next, and what it was sent. */
let status = 204;
const received: { readonly body: string; readonly headers: Record<string, string> }[] = [];
beforeAll(async () => {
  browser = await openBrowser();
  receiver = createServer((request, response) => {
    void request.toArray().then((pieces: Buffer[]) => {
      received.push({ body: Buffer.concat(pieces).toString(), headers: request.headers as Record<string, string> });
      response.writeHead(status).end();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  receiver?.close();
  await browser?.close();
});

async function fill(page: Page, url: string, name: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill(url);
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Make it" }).click();
}

test("[B13] a webhook is made on the page, its secret shown once, its deliveries as they come, and it is removed", async () => {
  const page = await browser.newPage();
  const wrongs = watchPage(page);
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), on.product.ready.token);
  await page.goto(`${on.product.ready.url}/#/webhooks`);
  await page.getByText("Nobody is told of what happens here yet.").waitFor();
  await page.getByRole("button", { name: "New webhook" }).click();
  await fill(page, "http://192.168.0.1/hook", "build");
  await page.getByRole("alert").getByText("must lead to a public host").waitFor();
  await fill(page, address, "build");
  const secretDialog = page.getByRole("dialog", { name: "The webhook's secret" });
  const secret = (await secretDialog.locator("code").textContent()) ?? "";
  // A click beside it does not lose what is shown once.
  await page.mouse.click(5, 5);
  await secretDialog.getByRole("button", { name: "Done" }).click();
  await secretDialog.waitFor({ state: "detached" });
  expect(await page.content()).not.toContain(secret);

  const card = page.getByRole("listitem", { name: "build" });
  await card.getByText("Nothing was posted yet.").waitFor();
  await on.api.startUntil("until=exit", { argv: ["true"], name: "job" });
  await card.getByText("delivered").waitFor();
  const { body, headers } = received[0] ?? { body: "", headers: {} };
  expect(new StandardWebhook(secret).verify(body, headers)).toMatchObject({ type: "exited", data: { name: "job" } });
  status = 410;
  await on.api.startUntil("until=exit", { argv: ["true"], name: "job" });
  await card.getByText("It answered 410.").waitFor();
  await card.getByText("turned off").waitFor();
  await card.getByRole("button", { name: "Remove build" }).click();
  await card.getByRole("button", { name: "Really remove" }).click();
  await page.getByText("build is removed").waitFor();
  await page.getByText("Nobody is told of what happens here yet.").waitFor();
  expect(wrongs).toEqual([]);
  await page.close();
});

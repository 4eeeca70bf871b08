// What a flood costs the page: how long a key takes to come back in one terminal, without and beside another that floods as
// fast as it can, and the longest task of the page's one thread. Prints the figures as a table: node test/dashboard/flood.ts

import path from "node:path";
import type { Page } from "playwright-core";
import { createClient } from "@longwire/shared/client/client.ts";
import { pickQuantile } from "../bench/quantile.ts";
import { heedsNoSignal, openBrowser } from "../support/browser.ts";
import { leaveNothing } from "../support/leave-nothing.ts";
import { Product, root } from "../support/product.ts";

/** For the page: the longest task, and how long it is from the next key to the next change of the first terminal's rows. */
const watching = `
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: "longtask" });
  globalThis.arm = () => void (globalThis.drawn = new Promise((resolve) => {
    const rows = document.querySelector(".xterm-rows");
    addEventListener("keydown", () => {
      const at = performance.now();
      const observer = new MutationObserver(() => {
        observer.disconnect();
        resolve(performance.now() - at);
      });
      observer.observe(rows, { childList: true, subtree: true, characterData: true });
    }, { once: true, capture: true });
  }));`;

const keys = Number(process.argv[2] ?? 60);
await leaveNothing(async (keep) => {
  const { ready } = await keep(Product.start());
  const browser = await keep(openBrowser(heedsNoSignal));
  const client = createClient(ready);
  await client.start({ argv: ["cat"], name: "echo", tty: true });
  const floods = path.join(root, "test/fixtures/floods.mjs");
  await client.start({ argv: ["sh", "-c", `read go; exec "$0" "$1"`, process.execPath, floods], name: "flood" });
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 800 } })).newPage();
  await page.addInitScript((token) => sessionStorage.setItem("longwire.token", token), ready.token);
  await page.goto(`${ready.url}/#/m/${ready.machine_id}/side/echo,flood`);
  for (const name of ["echo", "flood"]) {
    await page.getByRole("region", { name, exact: true }).locator('.tty[data-state="following"]').waitFor();
  }
  await page.evaluate(watching);
  const quiet = await measure(page);
  await client.input("flood", { text: "go", enter: true });
  await client.waitFor("flood", { until: ["output"] });
  const before = (await client.process("flood")).output_bytes;
  const beganAt = performance.now();
  const beside = await measure(page);
  const seconds = (performance.now() - beganAt) / 1000;
  const printed = (await client.process("flood")).output_bytes - before;
  await client.stop("flood");
  console.log(`a key until it is drawn, ${keys} of them   p50        p95        longest task`);
  for (const [name, { echoes, longest }] of Object.entries({ "without a flood": quiet, "beside a flood": beside })) {
    const times = [pickQuantile(echoes, 0.5), pickQuantile(echoes, 0.95), longest].map((ms) =>
      `${ms.toFixed(1)} ms`.padEnd(10),
    );
    console.log(`${name.padEnd(36)} ${times.join(" ")}`);
  }
  console.log(`the flood: ${(printed / 1e6 / seconds).toFixed(1)} MB/s stored`);
});

interface Figures {
  readonly echoes: number[];
  /** 0: none was over 50 ms, which is where a browser begins to count. */
  readonly longest: number;
}

/** Types one key after the other into the first terminal, and waits until each is drawn. */
async function measure(page: Page): Promise<Figures> {
  await page.getByRole("region", { name: "echo", exact: true }).locator(".tty-host").click();
  const echoes: number[] = [];
  await page.evaluate("longest = 0");
  for (let key = 0; key < keys; key++) {
    await page.evaluate("arm()");
    await page.keyboard.press("abcdefghij"[key % 10] ?? "a");
    echoes.push(await page.evaluate<number>("drawn"));
    if (key % 50 === 49) await page.keyboard.press("Enter");
  }
  return { echoes, longest: await page.evaluate<number>("longest") };
}

// How the dashboard does with 200 processes and 2,000 runs, beside an empty list: when the first of it is painted, and how
// long scripts held the page up. Prints figures; asserts nothing, since they are a machine's.

import type { Page } from "playwright-core";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { signInLink } from "@longwire/shared/sign-in-link.ts";
import { Api } from "../support/api.ts";
import { openBrowser } from "../support/browser.ts";
import { Product } from "../support/product.ts";

const processes = 200;
const runsEach = 10;
const rounds = 5;

const product = await Product.start();
const api = new Api(product.ready);
const browser = await openBrowser();

async function open(): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const headers = { Authorization: `Bearer ${product.ready.token}`, "Content-Type": "application/json" };
  const answer = await fetch(`${product.ready.url}/v1/sign-ins`, { method: "POST", headers, body: "{}" });
  await page.goto(signInLink(product.ready.url, ((await answer.json()) as { secret: string }).secret));
  await page.getByRole("heading", { name: "Machines" }).waitFor();
  return page;
}

interface Figures {
  readonly firstPaintMs: number;
  readonly listMs: number;
  readonly longestTaskMs: number;
}

/** Run in the page; as text, since these tests know no page of their own. */
const watchTasks = `globalThis.longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
}).observe({ type: "longtask", buffered: true });`;
const readFigures = `({
  firstPaintMs: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  listMs: performance.now(),
  longestTaskMs: globalThis.longest,
})`;

/** Of a reload at the list, with all that ended. */
async function measure(page: Page, rows: number): Promise<Figures> {
  await page.addInitScript({ content: watchTasks });
  const figures: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.reload();
    await page.getByLabel("All that ended").check();
    await waitUntil("every row is there", async () => (await page.locator(".process").count()) >= rows);
    figures.push(await page.evaluate<Figures>(readFigures));
  }
  return figures.toSorted((a, b) => a.listMs - b.listMs)[Math.floor(rounds / 2)] as Figures;
}

const show = (what: string, { firstPaintMs, listMs, longestTaskMs }: Figures): void => {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  process.stdout.write(
    `${what}: first paint ${ms(firstPaintMs)}, list ${ms(listMs)}, longest task ${ms(longestTaskMs)}\n`,
  );
};

try {
  const { name: machine } = await api.machine();
  const page = await open();
  await page.evaluate(`location.hash = ${JSON.stringify(`#/m/${machine}`)}`);
  show("an empty list", await measure(page, 0));
  const names = Array.from({ length: processes }, (_, index) => `job-${index}`);
  for (let run = 0; run < runsEach; run++) {
    const left = [...names];
    const work = async (): Promise<void> => {
      for (let name; (name = left.pop()) !== undefined;) {
        await api.startUntil("until=exit", { argv: ["true"], name, tags: [`group-${name.length}`] });
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
  }
  show(`${processes} processes, ${processes * runsEach} runs`, await measure(page, processes));
} finally {
  await browser.close();
  await product.close();
}

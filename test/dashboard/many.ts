// What the dashboard's page of a machine with 200 processes and 2,000 runs takes beside that of a machine with none, in one
// browser and in turn. Prints medians in milliseconds from the beginning of a load; asserts nothing, since they are a
// machine's: node test/dashboard/many.ts [loads]

import type { Browser, Page } from "playwright-core";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { pickQuantile } from "../bench/quantile.ts";
import { Api } from "../support/api.ts";
import { heedsNoSignal, openBrowser } from "../support/browser.ts";
import { openBusyMachine } from "../support/busy-machine.ts";
import { leaveNothing } from "../support/leave-nothing.ts";
import { Product } from "../support/product.ts";

const processes = 200;
const loads = Number(process.argv[2] ?? 7);

/** What is looked at, in the order in which it comes. */
const moments = {
  firstPaint: "first paint (the browser's first-contentful-paint)",
  firstRows: "the list's first rows painted, or that there are none",
  allRows: "all rows painted",
  longestTask: "longest task of the page's one thread (0: none over 50 ms)",
} as const;
type Figures = Record<keyof typeof moments, number>;

/** Run in the page; as text, since these tests know no page of their own. */
const watching = `globalThis.figures = { firstPaint: 0, firstRows: 0, allRows: 0, longestTask: 0 };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) figures.longestTask = Math.max(figures.longestTask, duration);
}).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntriesByName("first-contentful-paint")) figures.firstPaint = startTime;
}).observe({ type: "paint", buffered: true });
const look = () => {
  const rows = document.querySelectorAll("main .process").length;
  const at = performance.now();
  if (figures.firstRows === 0 && (rows > 0 || document.querySelector("main .empty"))) figures.firstRows = at;
  if (figures.allRows === 0 && figures.firstRows > 0 && rows >= wanted) figures.allRows = at;
  requestAnimationFrame(paint);
};
// A task that a frame's callback begins runs after that frame is painted.
const channel = new MessageChannel();
channel.port1.onmessage = look;
const paint = () => channel.port2.postMessage(null);
requestAnimationFrame(paint);`;

interface List {
  readonly page: Page;
  readonly url: string;
  readonly figures: Figures[];
}

await leaveNothing(async (keep) => {
  const { ready } = await keep(Product.start());
  const browser = await keep(openBrowser(heedsNoSignal));
  const { machine_id: none } = await new Api(ready).machine();
  const busy = { server: ready, name: "busy", processes, runsEach: 10, oftenRuns: 1 };
  await keep(openBusyMachine(busy));
  const lists = [await openList(browser, none, 0), await openList(browser, await idOf("busy"), processes)] as const;
  // The first load of each fills the browser's cache.
  for (let load = 0; load <= loads; load++) for (const list of lists) await measure(list, load > 0);
  show(lists[0], lists[1]);

  /** A page whose session reaches this machine alone. */
  async function openList(within: Browser, machine: string, wanted: number): Promise<List> {
    const page = await (await within.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    const { token } = await call<{ token: string }>("/tokens", {
      name: `list of ${wanted}`,
      scopes: ["read", "run", "input", "approve"],
      machines: [machine],
    });
    const signedIn = `if (location.host !== "") sessionStorage.setItem("longwire.token", ${JSON.stringify(token)});`;
    await page.addInitScript({ content: `${signedIn}\nglobalThis.wanted = ${wanted};\n${watching}` });
    return { page, url: `${ready.url}/#/m/${machine}`, figures: [] };
  }

  async function idOf(name: string): Promise<string> {
    const { items } = await call<{ items: { machine_id: string; name: string }[] }>("/machines");
    return items.find((machine) => machine.name === name)?.machine_id ?? "";
  }

  async function call<T>(path: string, body?: object): Promise<T> {
    const headers = { Authorization: `Bearer ${ready.token}`, "Content-Type": "application/json" };
    const more = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    return (await (await fetch(`${ready.url}/v1${path}`, { headers, ...more })).json()) as T;
  }
});

async function measure({ page, url, figures }: List, counts: boolean): Promise<void> {
  await page.goto(url);
  await waitUntil("the list is painted", () => page.evaluate<boolean>("figures.allRows > 0 && figures.firstPaint > 0"));
  if (counts) figures.push(await page.evaluate<Figures>("figures"));
  // So that only one is open at a time.
  await page.goto("about:blank");
}

function show(none: List, many: List): void {
  const median = (list: List, moment: keyof Figures): number =>
    pickQuantile(
      list.figures.map((figures) => figures[moment]),
      0.5,
    );
  const row = (what: string, ...cells: readonly string[]): void =>
    console.log(`${what.padEnd(60)}${cells.map((cell) => cell.padStart(12)).join("")}`);
  row(`median of ${loads} loads each, in turn`, "empty list", `${processes} rows`, "ratio");
  for (const [moment, words] of Object.entries(moments) as [keyof Figures, string][]) {
    const [before, after] = [median(none, moment), median(many, moment)];
    const ratio = before === 0 ? "" : (after / before).toFixed(2);
    row(words, `${before.toFixed(0)} ms`, `${after.toFixed(0)} ms`, ratio);
  }
}

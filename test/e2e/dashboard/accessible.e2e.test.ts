import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser } from "../../support/browser.ts";
import { joinMachine } from "../../support/join-machine.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { root } from "../../support/product.ts";
import { SimulatedRunner } from "../../support/simulated-runner.ts";
import { useProduct } from "../../support/use-product.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const policy = new PolicyFile({
  mode: "ask",
  approve: ["terminal", "dashboard"],
  roots: { here: root },
  commands: {
    shell: { root: "here", argv: ["bash", "--norc"], tags: ["desk"] },
    says: {
      ...{ root: "here", argv: ["printf", "%b", "{text}"], tags: ["desk", "words"] },
      params: { text: { type: "string", default: String.raw`\e[31merror: red\e[0m \e[34mblue\e[0m\n` } },
    },
  },
});
const on = useProduct({ args: ["--policy", policy.path] });
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => await browser?.close());

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const found: string[] = [];
let looked = 0;

/** What is drawn in either scheme, all of it once and its contrasts twice. */
async function judge(page: Page, state: string): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    const options = scheme === "light" ? {} : { runOnly: ["color-contrast"] };
    // What still moves is at its end at once.
    await page.evaluate(`document.getAnimations().forEach((one) => { try { one.finish(); } catch {} })`);
    if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe);
    const { violations, passes } = await page.evaluate<{ violations: Violation[]; passes: unknown[] }>(
      `axe.run(document, ${JSON.stringify({ ...options, resultTypes: ["violations"] })})`,
    );
    looked += passes.length;
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      const where = nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`);
      found.push(`${state}, ${scheme}: ${id} (${nodes.length})\n  ${where.join("\n  ")}`);
    }
  }
}

/** Things of every kind to look at: a shell, one that ended, one that waits for its owner, and a machine that is gone. */
async function furnish(): Promise<void> {
  const { url, token } = on.product.ready;
  const call = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const answer = await fetch(`${url}/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  };
  const away = new SimulatedRunner({ url, token: await joinMachine({ url, token }, "away") });
  away.print("what it said\n");
  await waitUntil("it has told of its run", () => away.isDone);
  away.close();
  const on1 = `/machines/${on.product.ready.machine_id}/processes`;
  await Promise.all([
    call(on1, { use: "shell", name: "shell" }),
    call(`${on1}?until=exit`, { use: "says", name: "said" }),
    call(on1, { command: "echo asked && true", name: "asks" }),
    call("/webhooks", { url: "https://hooks.longwire.example/x", events: ["exited"] }),
    call("/tokens", { name: "a token", scopes: ["read"] }),
  ]);
}

test(
  "[B11] axe finds nothing serious in any main state, light or dark, wide or on a phone",
  { timeout: 120_000 },
  async () => {
    await furnish();
    const { url, token, machine_id: machine } = on.product.ready;
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await judge(page, "signed out");
    await page.evaluate(`sessionStorage.setItem("longwire.token", ${JSON.stringify(token)})`);
    await page.reload();

    const open = async (at: string, sign: string): Promise<void> => {
      await page.goto(`${url}/#${at}`);
      await page.locator(sign).first().waitFor();
    };
    const see = async (at: string, sign: string): Promise<void> => {
      await open(at, sign);
      await judge(page, at);
    };
    const m = `/m/${machine}`;
    await see("/", ".machine-card .machine-processes a");
    await see(m, ".process");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "says" }).click();
    await judge(page, "a named command");
    await page.getByRole("dialog").getByRole("button", { name: "A command of your own" }).click();
    await judge(page, "a command of one's own");
    await page.keyboard.press("Escape");
    await see(`${m}/p/shell`, '.tty[data-state="following"] .xterm-rows');
    await page.getByRole("button", { name: "Search (" }).click();
    await page.getByRole("searchbox", { name: "Search the output" }).fill("nothing");
    await judge(page, "searching");
    await see(`${m}/p/said`, ".tty .xterm-rows");
    for (const tab of ["Runs", "Compare", "Details"]) {
      await page.getByRole("tab", { name: tab }).click();
      await judge(page, tab);
    }
    await see(`${m}/side/shell,said`, ".tty .xterm-rows");
    await see(`${m}/approvals`, "article");
    await see(`${m}/audit`, "tbody tr");
    for (const place of ["tokens", "webhooks", "audit"]) await see(`/${place}`, "tbody tr, .card");
    await see("/invites", "h1");
    await see("/nowhere", ".empty");
    await open("/m/away", ".banner");
    await page.getByText("away is offline").waitFor();
    await judge(page, "offline");

    await page.setViewportSize({ width: 390, height: 844 });
    await see(m, ".process");
    await see(`${m}/p/shell`, ".tty .xterm-rows");
    // It sees what is not as it must be.
    expect(looked).toBeGreaterThan(100);
    expect(found.join("\n")).toBe("");
    await page.evaluate(`document.querySelector("main").append(document.createElement("button"))`);
    await judge(page, "spoilt");
    expect(found.length).toBeGreaterThan(0);
    await page.close();
  },
);
